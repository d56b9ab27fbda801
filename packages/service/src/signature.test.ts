import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-ms.ts";
import { keyOf } from "./secrets.ts";
import { createVerifier, hubSignature, standardSignature, standardSignatures } from "./signature.ts";

const NOW = 1_740_133_242_349;
const seconds = Math.floor(NOW / 1000);
const body = Buffer.from('{"type":"NEW_CONVERSATION"}');
const base64Secret = `whsec_${Buffer.from("a key of twenty-four byte").toString("base64")}`;
const keys = ["first secret", base64Secret].map((secret) => keyOf(secret)!);
const { check, checkHeaders } = createVerifier({ keys });
const SENDER = { kind: "signed", by: "sender" };
const WRONG = { kind: "wrong", detail: expect.any(String) as string };
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
  expect(check(headers, body, NOW)).toEqual(SENDER);
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
])("a body is refused with %s", (_name, headers) => {
  expect(check(headers, body, NOW)).toEqual(WRONG);
});

test("without a secret all is taken unsigned", () => {
  expect(createVerifier({ keys: [] }).check({}, body, NOW)).toEqual({ kind: "signed", by: "unsigned" });
});

test("the example of the Standard Webhooks specification is taken", () => {
  const example = createVerifier({ keys: [keyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!] });
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  expect(example.check(headers, Buffer.from('{"test": 2432232314}'), 1_614_265_330_000)).toEqual(SENDER);
});

test("the right signature is taken in ninth place, after eight of another version, or after three hundred wrong ones", () => {
  const right = standard()["webhook-signature"];
  const wrong = `v1,${Buffer.alloc(32, 7).toString("base64")}`;
  const after = (others: string[]) => ({ ...standard(), "webhook-signature": [...others, right].join(" ") });
  expect(check(after(Array<string>(8).fill("v1a,bm90LWhtYWM=")), body, NOW)).toEqual(SENDER);
  expect(check(after(Array<string>(300).fill(wrong)), body, NOW)).toEqual(SENDER);
  expect(check({ ...after([]), "webhook-signature": `${wrong}, ${right}, v2,x` }, body, NOW)).toEqual(SENDER);
});

test("16 kB of signatures cost no more than a look at each", () => {
  const filled = (part: string) => part.repeat(Math.floor(16_000 / part.length));
  const texts = [filled("v1,"), filled(", "), filled(" ,,"), filled("v1,A "), `v1,${"A".repeat(16_000)}`];
  const cost = cpuMs(() => {
    for (const text of texts) {
      expect(check({ ...standard(), "webhook-signature": text }, body, NOW)).toEqual(WRONG);
    }
  });
  expect(cost).toBeLessThan(1_000);
});

test("an id in UTF-8 is signed by its bytes, which Node gives as Latin-1", () => {
  const id = "pedido-ação-✓";
  const signed = standardSignature({ key: keys[0]!, id, body, now: NOW });
  const received = { ...signed, "webhook-id": Buffer.from(id, "utf8").toString("latin1") };
  expect(check(received, body, NOW)).toEqual(SENDER);
  expect(check({ ...received, "webhook-id": `${received["webhook-id"]} ` }, body, NOW)).toEqual(WRONG);
});

test.each([
  ["nothing", {}, false],
  ["an old timestamp", standard({ timestamp: String(seconds - 301) }), false],
  ["no id", { ...standard(), "webhook-id": undefined }, false],
  ["no v1 signature", { ...standard(), "webhook-signature": "v1a,AAAA v1,AAAA" }, false],
  ["a hub signature that is cut short", { "x-hub-signature-256": "sha256=00" }, false],
  ["an old timestamp beside a hub signature", { ...standard({ timestamp: "1" }), ...hub() }, true],
  ["what may fit", standard(), true],
  ["what may fit by hub", hub("another"), true],
])("before the body is read, %s is told apart", (_name, headers, mayFit) => {
  expect(checkHeaders(headers, NOW) === null).toBe(mayFit);
  if (!mayFit) {
    expect(check(headers, body, NOW)).toEqual({ kind: "wrong", detail: checkHeaders(headers, NOW) });
  }
});

test("without a secret all headers will do", () => {
  expect(createVerifier({ keys: [] }).checkHeaders({}, NOW)).toBeNull();
});

test("what is signed here is taken here", () => {
  const [key] = keys as [Buffer];
  expect(check(standardSignature({ key, id: "m1", body, now: NOW }), body, NOW)).toEqual(SENDER);
  expect(check(hubSignature({ key, body }), body, NOW)).toEqual(SENDER);
});

/** The library of the standard's authors. It is CommonJS, and its clock is the machine's. */
type Reference = {
  Webhook: new (
    secret: string,
    options?: { format: "raw" },
  ) => {
    sign: (id: string, at: Date, payload: string) => string;
    verify: (payload: string, headers: Record<string, string>) => unknown;
  };
};
const { Webhook } = createRequire(import.meta.url)("standardwebhooks") as Reference;

describe("beside the reference library", () => {
  const payload = JSON.stringify({ type: "NEW_MESSAGE", data: { content: "Olá 😀\u2028", price: 1.5 } });
  const secrets: Array<[string, string, InstanceType<Reference["Webhook"]>]> = [
    ["a whsec_ secret", base64Secret, new Webhook(base64Secret)],
    ["a plain secret", "first secret", new Webhook("first secret", { format: "raw" })],
  ];
  const asReceived = (headers: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, "utf8").toString("latin1")]),
    );

  test.each(secrets)("%s: what it signs is taken here", (_name, secret, webhook) => {
    const verifier = createVerifier({ keys: [keyOf(secret)!] });
    for (const id of ["msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "pedido-ação-✓"]) {
      const headers = asReceived({
        "webhook-id": id,
        "webhook-timestamp": String(seconds),
        "webhook-signature": webhook.sign(id, new Date(NOW), payload),
      });
      expect(verifier.check(headers, Buffer.from(payload), NOW)).toEqual(SENDER);
      expect(verifier.check(headers, Buffer.from(`${payload} `), NOW)).toEqual(WRONG);
    }
  });

  test.each(secrets)("%s: what is signed here is taken there", (_name, secret, webhook) => {
    for (const id of ["msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "pedido-ação-✓"]) {
      const headers = standardSignature({ key: keyOf(secret)!, id, body: payload, now: Date.now() });
      expect(webhook.verify(payload, headers)).toEqual(JSON.parse(payload));
      expect(() => webhook.verify(`${payload} `, headers)).toThrow("No matching signature");
    }
  });

  test("the library's own vector is signed and taken alike", () => {
    const vector = {
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      at: new Date(1_614_265_330_000),
      payload: '{"test": 2432232314}',
      signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    expect(new Webhook(vector.secret).sign(vector.id, vector.at, vector.payload)).toBe(vector.signature);
    const ours = standardSignature({
      key: keyOf(vector.secret)!,
      id: vector.id,
      body: vector.payload,
      now: vector.at.getTime(),
    });
    expect(ours["webhook-signature"]).toBe(vector.signature);
  });
});

describe("with a secret of the web app's own", () => {
  const webKeys = ["web secret", "next web secret"].map((secret) => keyOf(secret)!);
  const told = createVerifier({ keys, webKeys });
  const open = createVerifier({ keys: [], webKeys });

  test("what the web app signs is told from what senders sign, and either is taken", () => {
    expect(told.check(standard({ secret: "web secret" }), body, NOW)).toEqual({ kind: "signed", by: "web" });
    expect(told.check(hub("next web secret"), body, NOW)).toEqual({ kind: "signed", by: "web" });
    expect(told.check(standard(), body, NOW)).toEqual(SENDER);
    expect(told.check(standard({ secret: "another" }), body, NOW)).toEqual(WRONG);
  });

  test("where senders need not sign, they need not, and the web app is known all the same", () => {
    expect(open.checkHeaders({}, NOW)).toBeNull();
    expect(open.check({}, body, NOW)).toEqual({ kind: "signed", by: "unsigned" });
    expect(open.check(standard(), body, NOW)).toEqual({ kind: "signed", by: "unsigned" });
    expect(open.check(standard({ secret: "web secret" }), body, NOW)).toEqual({ kind: "signed", by: "web" });
    const old = standard({ secret: "web secret", timestamp: String(seconds - 301) });
    expect(open.check(old, body, NOW)).toEqual({ kind: "signed", by: "unsigned" });
  });
});

test("what is signed by several secrets is right by each of them, as Standard Webhooks checks it", () => {
  const [id, body] = ["m1", JSON.stringify({ content: "Olá 👋" })];
  const keys = [Buffer.from("the one that is in force"), Buffer.from("the one that comes after")];
  const headers = standardSignatures({ keys, id, body, now: Date.now() });
  for (const key of keys) {
    expect(new Webhook(`whsec_${key.toString("base64")}`).verify(body, headers)).toEqual(JSON.parse(body));
    expect(createVerifier({ keys: [key] }).check(headers, Buffer.from(body), Date.now()).kind).toBe("signed");
  }
  expect(() =>
    new Webhook(`whsec_${Buffer.from("another one").toString("base64")}`).verify(body, headers),
  ).toThrow();
});
