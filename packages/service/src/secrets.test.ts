import { expect, test } from "vitest";
import { z } from "zod";
import { readSettings } from "./env.ts";
import { anyEqual, keyOf, secretKeys, tokenMatcher } from "./secrets.ts";

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
  expect(read("old, whsec_YWJj")).toEqual(["old", "abc"]);
  expect(read("")).toEqual([]);
  expect(() => read("old, whsec_?")).toThrow(/^WEBHOOK_SECRETS: the part after whsec_ must be base64$/);
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
