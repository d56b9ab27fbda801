import { expect, test } from "vitest";
import { z } from "zod";
import { readSettings } from "./env.ts";
import { anyEqual, bearerTokens, keyOf, secretKeys, tokenMatcher } from "./secrets.ts";

test("a secret after whsec_ must be base64, with or without its padding", () => {
  expect(keyOf("whsec_YWJj")?.toString()).toBe("abc");
  expect(keyOf("whsec_YWI=")?.toString()).toBe("ab");
  expect(keyOf("whsec_YWI")?.toString()).toBe("ab");
  expect(keyOf("whsec_")).toBeNull();
  expect(keyOf("whsec_not base64!")).toBeNull();
  expect(keyOf("plain")?.toString()).toBe("plain");
});

test("a setting of secrets gives their keys, or one line that names it and no secret", () => {
  const settings = z.object({ WEBHOOK_SECRETS: secretKeys });
  const read = (text: string) =>
    readSettings(settings, { WEBHOOK_SECRETS: text }).WEBHOOK_SECRETS.map(String);
  const old = "an older one of 24 bytes";
  const encoded = `whsec_${Buffer.from("sixteen bytes OK").toString("base64")}`;
  expect(read(`${old}, ${encoded}`)).toEqual([old, "sixteen bytes OK"]);
  expect(read("")).toEqual([]);
  expect(() => read(`${old}, whsec_?`)).toThrow(/^WEBHOOK_SECRETS: the part after whsec_ must be base64$/);
  // Long as text, and 15 bytes of key.
  const short = `whsec_${Buffer.from("fifteen bytes..").toString("base64")}`;
  for (const weak of ["fifteen bytes..", short, `${old}, a`]) {
    expect(() => read(weak)).toThrow(/^WEBHOOK_SECRETS: must have at least 16 bytes each[^\n]*$/);
  }
});

test("a token that is short is refused as well", () => {
  const read = (API_TOKENS: string) =>
    readSettings(z.object({ API_TOKENS: bearerTokens }), { API_TOKENS }).API_TOKENS;
  expect(read("a token of 16 by, a token of twenty-three")).toHaveLength(2);
  expect(() => read("a token of 16 by, fifteen bytes..")).toThrow(
    /^API_TOKENS: must have at least 16 bytes each[^\n]*$/,
  );
});

test("one equal pair is enough, and lengths may differ", () => {
  const [a, b, long] = ["a", "b", "abc"].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
  expect(anyEqual([b, a], [long, a])).toBe(true);
  expect(anyEqual([a], [b, long])).toBe(false);
  expect(anyEqual([], [a])).toBe(false);
});

test("a token is one of those that are known, whole", () => {
  const matches = tokenMatcher(["first", "second"]);
  expect(["second", "secon", "second ", "", "third"].map(matches)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
