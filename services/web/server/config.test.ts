import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("what is posted is signed with the first of the web app's own secrets", () => {
  expect(readConfig({ WEB_SECRETS: "new, old", WEBHOOK_SECRETS: "senders'" }).webKey?.toString()).toBe("new");
  expect(readConfig({ WEBHOOK_SECRETS: "senders'" }).webKey).toBeUndefined();
});

test("in production it does not start without a secret", () => {
  const production = { NODE_ENV: "production" };
  expect(() => readConfig(production)).toThrow(/^WEB_SECRETS: [^\n]+$/);
  expect(readConfig({ ...production, WEB_SECRETS: "one" }).webKey?.toString()).toBe("one");
});
