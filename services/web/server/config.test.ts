import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("what is posted is signed with the first of the web app's own secrets", () => {
  const [next, old] = ["the newer of two secrets", "the older of two secrets"];
  const { webKey } = readConfig({
    WEB_SECRETS: `${next}, ${old}`,
    WEBHOOK_SECRETS: "what senders sign with",
  });
  expect(webKey?.toString()).toBe(next);
  expect(readConfig({ WEBHOOK_SECRETS: "what senders sign with" }).webKey).toBeUndefined();
});

test("in production it does not start without a secret", () => {
  const production = { NODE_ENV: "production" };
  expect(() => readConfig(production)).toThrow(/^WEB_SECRETS: [^\n]+$/);
  expect(readConfig({ ...production, WEB_SECRETS: "one of sixteen bytes" }).webKey?.toString()).toBe(
    "one of sixteen bytes",
  );
});
