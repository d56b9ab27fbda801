import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const REDIS_URL = "redis://127.0.0.1:6379";

test("listens on 8002 of this machine unless told otherwise", () => {
  expect(readConfig({ REDIS_URL })).toMatchObject({ host: "127.0.0.1", port: 8002 });
  expect(readConfig({ REDIS_URL, WHATSAPP_PORT: "9002" })).toMatchObject({ port: 9002 });
});

test("a setting that cannot be read stops the start with one line that names it", () => {
  expect(() => readConfig({})).toThrow(/^REDIS_URL: /);
  expect(() => readConfig({ REDIS_URL, WHATSAPP_PORT: "eight" })).toThrow(/^WHATSAPP_PORT: /);
});

test("in production webhooks must be signed by somebody", () => {
  const production = { REDIS_URL, NODE_ENV: "production" };
  expect(() => readConfig(production)).toThrow(/^WHATSAPP_APP_SECRETS: must be set in production/);
  const secret = "a secret that is long enough";
  for (const name of ["WHATSAPP_APP_SECRETS", "WHATSAPP_WEBHOOK_TOKENS", "TWILIO_AUTH_TOKENS"]) {
    expect(() => readConfig({ ...production, [name]: secret })).not.toThrow();
  }
});
