import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { createVerifier, keyOf } from "./signature.ts";

const NOW = 1_740_133_242_349;
const seconds = Math.floor(NOW / 1000);
const body = Buffer.from('{"type":"NEW_CONVERSATION"}');
const base64Secret = `whsec_${Buffer.from("a key of twenty-four byte").toString("base64")}`;
const keys = ["first secret", base64Secret].map((secret) => keyOf(secret)!);
const verify = createVerifier({ keys });
const hmac = (secret: string, ...parts: Array<string | Buffer>) => {
  const made = createHmac("sha256", keyOf(secret)!);
  for (const part of parts) made.update(part);
  return made;
};

function standard({
  secret = "first secret",
  id = "msg_1",
  timestamp = String(seconds),
  signed = body,
} = {}) {
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${hmac(secret, `${id}.${timestamp}.`, signed).digest("base64")}`,
  };
}
const hub = (secret = "first secret", signed = body) => ({
  "x-hub-signature-256": `sha256=${hmac(secret, signed).digest("hex")}`,
});

test.each([
  ["Standard Webhooks' headers", standard()],
  ["the other active secret, in its base64 form", standard({ secret: base64Secret })],
  ["X-Hub-Signature-256", hub()],
  ["X-Hub-Signature-256 with the other secret", hub(base64Secret)],
  [
    "X-Hub-Signature-256 in upper case",
    {
      "x-hub-signature-256": `sha256=${hmac("first secret", body).digest("hex").toUpperCase()}`,
    },
  ],
  [
    "one of several signatures, as while a sender rotates",
    {
      ...standard(),
      "webhook-signature": `v1,AAAA v2,x ${standard()["webhook-signature"]}`,
    },
  ],
  ["a timestamp five minutes ago", standard({ timestamp: String(seconds - 299) })],
  ["a timestamp five minutes ahead", standard({ timestamp: String(seconds + 299) })],
])("a body is taken that is signed with %s", (_name, headers) => {
  expect(verify(headers, body, NOW)).toBeNull();
});

test.each([
  ["no signature at all", {}],
  ["empty headers", { "webhook-signature": "", "x-hub-signature-256": "" }],
  ["another secret", standard({ secret: "another" })],
  ["another body", standard({ signed: Buffer.from("{}") })],
  ["another secret, by hub", hub("another")],
  ["another body, by hub", hub("first secret", Buffer.from("{}"))],
  ["a changed id", { ...standard(), "webhook-id": "msg_2" }],
  ["a changed timestamp", { ...standard(), "webhook-timestamp": String(seconds + 1) }],
  ["no id", { ...standard(), "webhook-id": undefined }],
  ["no timestamp", { ...standard(), "webhook-timestamp": undefined }],
  ["an old timestamp", standard({ timestamp: String(seconds - 301) })],
  ["a timestamp too far ahead", standard({ timestamp: String(seconds + 302) })],
  ["a timestamp that is no number", standard({ timestamp: "now" })],
  [
    "another version",
    { ...standard(), "webhook-signature": standard()["webhook-signature"].replace("v1", "v2") },
  ],
  [
    "a signature cut short",
    { ...standard(), "webhook-signature": standard()["webhook-signature"].slice(0, -6) },
  ],
  ["text that is no signature", { ...standard(), "webhook-signature": "v1,ção" }],
  ["hub without its prefix", { "x-hub-signature-256": hub()["x-hub-signature-256"].slice(7) }],
  ["hub with SHA-1", { "x-hub-signature-256": "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709" }],
  ["hub that is empty", { "x-hub-signature-256": "sha256=" }],
  [
    "the right signature after too many",
    {
      ...standard(),
      "webhook-signature": `${"v1,AAAA ".repeat(20)}${standard()["webhook-signature"]}`,
    },
  ],
])("a body is refused with %s", (_name, headers) => {
  expect(verify(headers, body, NOW)).toEqual(expect.any(String));
});

test("without a secret all is taken unsigned", () => {
  expect(createVerifier({ keys: [] })({}, body, NOW)).toBeNull();
});

test("a secret after whsec_ must be base64, with or without its padding", () => {
  expect(keyOf("whsec_YWJj")?.toString()).toBe("abc");
  expect(keyOf("whsec_YWI=")?.toString()).toBe("ab");
  expect(keyOf("whsec_YWI")?.toString()).toBe("ab");
  expect(keyOf("whsec_")).toBeNull();
  expect(keyOf("whsec_not base64!")).toBeNull();
  expect(keyOf("plain")?.toString()).toBe("plain");
});

test("the example of the Standard Webhooks specification is taken", () => {
  const example = createVerifier({ keys: [keyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!] });
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  expect(example(headers, Buffer.from('{"test": 2432232314}'), 1_614_265_330_000)).toBeNull();
});
