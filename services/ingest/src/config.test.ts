import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const [ONE, TWO, THREE] = [
  "the first of some secrets",
  "the second of some secrets",
  "the third of some secrets",
];
const REDIS_URL = "redis://127.0.0.1:6379";

test("the defaults suit a machine of one's own", () => {
  expect(readConfig({ REDIS_URL })).toEqual({
    ackReplicas: 0,
    tracing: null,
    host: "127.0.0.1",
    port: 8000,
    logLevel: "info",
    redisUrl: REDIS_URL,
    signatureKeys: [],
    webKeys: [],
    trustedProxies: [],
    maxBytes: 1_048_576,
    maxBacklog: 1_000_000,
    partitions: 1,
    processes: 1,
  });
});

test("so many processes that none has room for a large body are refused", () => {
  expect(readConfig({ REDIS_URL, INGEST_PROCESSES: "8" }).processes).toBe(8);
  expect(() => readConfig({ REDIS_URL, INGEST_PROCESSES: "0" })).toThrow(/^INGEST_PROCESSES: /);
  const large = { REDIS_URL, WEBHOOK_MAX_BYTES: String(16 * 1024 * 1024) };
  expect(readConfig({ ...large, INGEST_PROCESSES: "2" }).processes).toBe(2);
  expect(() => readConfig({ ...large, INGEST_PROCESSES: "3" })).toThrow(
    /^INGEST_PROCESSES: must be at most 2 /,
  );
});

test("every secret is active", () => {
  const { signatureKeys } = readConfig({ REDIS_URL, WEBHOOK_SECRETS: `${ONE}, ${TWO}` });
  expect(signatureKeys.map(String)).toEqual([ONE, TWO]);
});

test("a secret is the senders' or the web app's own, never both", () => {
  const { signatureKeys, webKeys } = readConfig({
    REDIS_URL,
    WEBHOOK_SECRETS: ONE,
    WEB_SECRETS: `${TWO}, ${THREE}`,
  });
  expect([signatureKeys, webKeys].map((keys) => keys.map(String))).toEqual([[ONE], [TWO, THREE]]);
  expect(() =>
    readConfig({ REDIS_URL, WEBHOOK_SECRETS: `${ONE},${TWO}`, WEB_SECRETS: `${THREE},${TWO}` }),
  ).toThrow(/^WEB_SECRETS: must differ/);
});

test("production refuses to start where anyone could post, unless that is what was asked for", () => {
  const production = { REDIS_URL, NODE_ENV: "production" };
  expect(() => readConfig(production)).toThrow(/^WEBHOOK_SECRETS: .*ALLOW_UNSIGNED_WEBHOOKS=true/);
  expect(() => readConfig({ ...production, WEBHOOK_SECRETS: " , " })).toThrow("WEBHOOK_SECRETS");
  expect(readConfig({ ...production, ALLOW_UNSIGNED_WEBHOOKS: "true" }).signatureKeys).toEqual([]);
  expect(readConfig({ ...production, WEBHOOK_SECRETS: ONE }).signatureKeys).toHaveLength(1);
});

test.each([
  [{}, "REDIS_URL"],
  [{ REDIS_URL: "localhost:6379" }, "REDIS_URL"],
  [{ REDIS_URL, INGEST_PORT: "70000" }, "INGEST_PORT"],
  [{ REDIS_URL, INGEST_PORT: "http" }, "INGEST_PORT"],
  [{ REDIS_URL, WEBHOOK_MAX_BYTES: "0" }, "WEBHOOK_MAX_BYTES"],
  [{ REDIS_URL, MAX_BACKLOG: "many" }, "MAX_BACKLOG"],
  [{ REDIS_URL, WEBHOOK_SECRETS: "whsec_?" }, "WEBHOOK_SECRETS"],
  [{ REDIS_URL, WEBHOOK_SECRETS: "fifteen bytes.." }, "WEBHOOK_SECRETS"],
  [{ REDIS_URL, WEB_SECRETS: "short" }, "WEB_SECRETS"],
  [{ REDIS_URL, TRUSTED_PROXIES: "everyone" }, "TRUSTED_PROXIES"],
  [{ REDIS_URL, ALLOW_UNSIGNED_WEBHOOKS: "yes" }, "ALLOW_UNSIGNED_WEBHOOKS"],
  [{ REDIS_URL, LOG_LEVEL: "loud" }, "LOG_LEVEL"],
])("a wrong value stops the start with one line that names the variable (%j)", (environment, name) => {
  expect(() => readConfig(environment)).toThrow(new RegExp(`^${name}: [^\\n]+$`));
});
