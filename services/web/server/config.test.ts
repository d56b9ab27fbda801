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

test.each([
  "fio.example",
  "ftp://fio.example",
  "https://fio.example/app",
  "https://fio.example?x",
  "https://a@fio.example",
])("PUBLIC_URL is an address without more: %s is refused in one line", (PUBLIC_URL) => {
  expect(() => readConfig({ PUBLIC_URL })).toThrow(/^PUBLIC_URL: [^\n]+$/);
  expect(readConfig({ PUBLIC_URL: "https://fio.example/" }).publicUrl?.origin).toBe("https://fio.example");
});

test.each(["https://minio", "minio/bucket", "Minio", "a b", "minio:x", "ana@minio"])(
  "MEDIA_PRIVATE_HOSTS are hosts as an address names them: %s is refused in one line",
  (MEDIA_PRIVATE_HOSTS) => {
    expect(() => readConfig({ MEDIA_PRIVATE_HOSTS })).toThrow(/^MEDIA_PRIVATE_HOSTS: [^\n]+$/);
  },
);

test("MEDIA_PRIVATE_HOSTS are none, or those that are named", () => {
  expect(readConfig({}).mediaPrivateHosts).toEqual([]);
  expect(readConfig({ MEDIA_PRIVATE_HOSTS: "minio.internal:9000, 10.0.0.7" }).mediaPrivateHosts).toEqual([
    "minio.internal:9000",
    "10.0.0.7",
  ]);
});

test("in production nobody gets in without an account, elsewhere everybody, unless SIGN_IN says otherwise", () => {
  const production = { NODE_ENV: "production", WEB_SECRETS: "one of sixteen bytes" };
  const required = (environment: Record<string, string>) => readConfig(environment).signInRequired;
  expect([required(production), required({ ...production, SIGN_IN: "off" })]).toEqual([true, false]);
  expect([required({}), required({ SIGN_IN: "required" })]).toEqual([false, true]);
  expect(() => readConfig({ SIGN_IN: "yes" })).toThrow(/^SIGN_IN: [^\n]+$/);
});

test("in production it does not start without a secret", () => {
  const production = { NODE_ENV: "production" };
  expect(() => readConfig(production)).toThrow(/^WEB_SECRETS: [^\n]+$/);
  expect(readConfig({ ...production, WEB_SECRETS: "one of sixteen bytes" }).webKey?.toString()).toBe(
    "one of sixteen bytes",
  );
});

test("an issuer of identities is called as a setting says, else by its host", () => {
  const issuer = { OIDC_ISSUER: "https://id.example/realms/office" };
  expect(readConfig({ OIDC_NAME: "Google" }).oidcName).toBeNull();
  expect(readConfig(issuer).oidcName).toBe("id.example");
  expect(readConfig({ ...issuer, OIDC_NAME: "Google" }).oidcName).toBe("Google");
  expect(() => readConfig({ ...issuer, OIDC_NAME: "x".repeat(41) })).toThrow(/^OIDC_NAME: [^\n]+$/);
});
