import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const redis = { REDIS_URL: "redis://127.0.0.1:6379" };

test("without settings all roles run on a SQLite file under the data directory", () => {
  expect(readConfig(redis)).toMatchObject({
    databaseUrl: "sqlite:.data/fio.db",
    port: 8001,
    roles: { worker: true, api: true },
    migrateAtStart: true,
    waitGraceSeconds: 6,
    apiTokens: null,
  });
  expect(readConfig({ ...redis, DATA_DIR: "/srv/fio" }).databaseUrl).toBe("sqlite:/srv/fio/fio.db");
});

test("in production readers need a token, unless everyone may read", () => {
  const production = { ...redis, NODE_ENV: "production" };
  expect(() => readConfig(production)).toThrow(/^API_TOKENS: /);
  expect(readConfig({ ...production, API_TOKENS: "a, b" }).apiTokens).toEqual(["a", "b"]);
  expect(readConfig({ ...production, ALLOW_ANONYMOUS_READS: "true" }).apiTokens).toBeNull();
  expect(readConfig({ ...production, ROLE: "worker" })).toMatchObject({
    migrateAtStart: false,
    apiTokens: null,
  });
});

test("tokens that are given are asked for in every mode", () => {
  for (const NODE_ENV of ["development", "test", undefined]) {
    expect(readConfig({ ...redis, NODE_ENV, API_TOKENS: "a, b" }).apiTokens).toEqual(["a", "b"]);
  }
  const both = { API_TOKENS: "a", ALLOW_ANONYMOUS_READS: "true" };
  expect(readConfig({ ...redis, ...both }).apiTokens).toEqual(["a"]);
});

test.each([
  ["ROLE", "both"],
  ["DATABASE_URL", "mysql://x"],
  ["DATABASE_URL", "sqlite:"],
  ["REDIS_URL", "127.0.0.1"],
  ["CONVERSATIONS_PORT", "http"],
  ["WAIT_GRACE_SECONDS", "-1"],
  ["ALLOW_ANONYMOUS_READS", "yes"],
])("a wrong %s is named", (name, value) => {
  expect(() => readConfig({ ...redis, [name]: value })).toThrow(new RegExp(`^${name}: `));
});
