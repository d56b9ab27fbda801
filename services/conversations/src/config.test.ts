import { expect, test } from "vitest";
import { readConfig, readRolesConfig } from "./config.ts";

const [A, B] = ["a token that is long enough", "and another one of them"];
const redis = { REDIS_URL: "redis://127.0.0.1:6379" };

test("only a store in Postgres has a replica, in Postgres", () => {
  const [primary, replica] = ["postgres://primary/fio", "postgres://replica/fio"];
  expect(readConfig({ ...redis, DATABASE_URL: primary }).databaseReadUrl).toBeNull();
  const both = { ...redis, DATABASE_URL: primary, DATABASE_READ_URL: replica };
  expect(readConfig(both).databaseReadUrl).toBe(replica);
  expect(() => readConfig({ ...redis, DATABASE_READ_URL: replica })).toThrow(/^DATABASE_READ_URL: /);
  expect(() => readConfig({ ...both, DATABASE_READ_URL: "sqlite:fio.db" })).toThrow(/^DATABASE_READ_URL: /);
});

test("without settings all roles run on a SQLite file under the data directory", () => {
  expect(readConfig(redis)).toMatchObject({
    databaseUrl: "sqlite:.data/fio.db",
    port: 8001,
    roles: { worker: true, api: true },
    migrateAtStart: true,
    waitGraceSeconds: 6,
    tracing: null,
    apiTokens: null,
  });
  expect(readConfig({ ...redis, DATA_DIR: "/srv/fio" }).databaseUrl).toBe("sqlite:/srv/fio/fio.db");
});

test("nothing is erased for its age unless a number of days is given, and only by a worker", () => {
  expect(readConfig(redis).retentionDays).toBeNull();
  expect(readConfig({ ...redis, RETENTION_DAYS: "" }).retentionDays).toBeNull();
  expect(readConfig({ ...redis, RETENTION_DAYS: "365" }).retentionDays).toBe(365);
  expect(readConfig({ ...redis, ROLE: "api", RETENTION_DAYS: "365" }).retentionDays).toBeNull();
});

test("in production readers need a token, unless everyone may read", () => {
  const production = { ...redis, NODE_ENV: "production" };
  expect(() => readConfig(production)).toThrow(/^API_TOKENS: /);
  expect(readConfig({ ...production, API_TOKENS: `${A}, ${B}` }).apiTokens).toEqual([A, B]);
  expect(readConfig({ ...production, ALLOW_ANONYMOUS_READS: "true" }).apiTokens).toBeNull();
  expect(readConfig({ ...production, ROLE: "worker" })).toMatchObject({
    migrateAtStart: false,
    tracing: null,
    apiTokens: null,
  });
});

test("tokens that are given are asked for in every mode", () => {
  for (const NODE_ENV of ["development", "test", undefined]) {
    expect(readConfig({ ...redis, NODE_ENV, API_TOKENS: `${A}, ${B}` }).apiTokens).toEqual([A, B]);
  }
  const both = { API_TOKENS: A, ALLOW_ANONYMOUS_READS: "true" };
  expect(readConfig({ ...redis, ...both }).apiTokens).toEqual([A]);
});

test.each([
  ["ROLE", "both"],
  ["DATABASE_URL", "mysql://x"],
  ["DATABASE_URL", "sqlite:"],
  ["REDIS_URL", "127.0.0.1"],
  ["CONVERSATIONS_PORT", "http"],
  ["WAIT_GRACE_SECONDS", "-1"],
  ["RETENTION_DAYS", "0"],
  ["RETENTION_DAYS", "a year"],
  ["ALLOW_ANONYMOUS_READS", "yes"],
  ["AGENTS_SEE", "mine"],
  ["API_TOKENS", "fifteen bytes.."],
])("a wrong %s is named", (name, value) => {
  expect(() => readConfig({ ...redis, [name]: value })).toThrow(new RegExp(`^${name}: `));
});

test("roles get no password that can be guessed, and none is made without the right to", () => {
  const urls = { OWNER_DATABASE_URL: role("o"), WORKER_DATABASE_URL: role("w"), API_DATABASE_URL: role("a") };
  const admin = { DATABASE_ADMIN_URL: "postgres://fio:x@host/fio" };
  expect(readRolesConfig(urls).admin).toBeNull();
  const password = "a password @ length";
  expect(readRolesConfig({ ...admin, ...urls }).admin?.logins.worker).toEqual([{ name: "w", password }]);
  // While a password is changed a second login of the role is in force beside it.
  const both = { ...urls, WORKER_DATABASE_URL: `${role("w_second")},${role("w")}` };
  expect(readRolesConfig({ ...admin, ...both }).admin?.logins.worker).toEqual([
    { name: "w_second", password },
    { name: "w", password },
  ]);
  const others = { ...urls, WORKER_DATABASE_URL: `${role("w")},${role("v")}` };
  expect(() => readRolesConfig({ ...admin, ...others })).toThrow(/^WORKER_DATABASE_URL: [^\n]+$/);
  expect(() => readRolesConfig({ ...admin, ...urls, API_DATABASE_URL: "" })).toThrow(
    /^API_DATABASE_URL: [^\n]+$/,
  );
  for (const weak of ["postgres://a:short@host/fio", "postgres://a@host/fio"]) {
    expect(() => readRolesConfig({ ...admin, ...urls, API_DATABASE_URL: weak })).toThrow(
      /^API_DATABASE_URL: [^\n]+$/,
    );
  }
});

const role = (name: string) => `postgres://${name}:a%20password%20%40%20length@host/fio`;

test("what agents write leaves to an address that is signed for, by whoever works", () => {
  const [DELIVERY_URL, DELIVERY_SECRETS] = ["https://example.com/outbound", "a secret of sixteen bytes"];
  expect(readConfig(redis).delivery).toBeNull();
  expect(readConfig({ ...redis, DELIVERY_SECRETS }).delivery).toBeNull();
  expect(
    readConfig({ ...redis, DELIVERY_URL, DELIVERY_SECRETS: `${DELIVERY_SECRETS}, ${A}` }).delivery,
  ).toEqual({
    url: DELIVERY_URL,
    keys: [Buffer.from(DELIVERY_SECRETS), Buffer.from(A)],
  });
  expect(readConfig({ ...redis, ROLE: "api", DELIVERY_URL, DELIVERY_SECRETS }).delivery).toBeNull();
  expect(() => readConfig({ ...redis, DELIVERY_URL })).toThrow(/^DELIVERY_SECRETS: must be set/);
  expect(() => readConfig({ ...redis, DELIVERY_URL, DELIVERY_SECRETS: "short" })).toThrow(/16 bytes/);
  for (const url of [
    "ftp://example.com",
    "example.com",
    "https://ana:secret@example.com",
    "file:///etc/passwd",
  ]) {
    expect(() => readConfig({ ...redis, DELIVERY_URL: url, DELIVERY_SECRETS })).toThrow(/^DELIVERY_URL: /);
  }
});

test("an issuer of identities is named with what it knows us by, and by TLS", () => {
  const issuer = { OIDC_ISSUER: "https://id.example", OIDC_CLIENT_ID: "fio", OIDC_CLIENT_SECRET: "x" };
  expect(readConfig({ ...redis, OIDC_CLIENT_ID: "fio" }).oidc).toBeNull();
  expect(readConfig({ ...redis, ...issuer, OIDC_ALLOWED_DOMAINS: "Fio.example, @fio.com.br" }).oidc).toEqual({
    ...{ url: "https://id.example", clientId: "fio", secret: "x" },
    allowedDomains: ["fio.example", "fio.com.br"],
  });
  expect(readConfig({ ...redis, ...issuer, ROLE: "worker" }).oidc).toBeNull();
  expect(readConfig({ ...redis, ...issuer, OIDC_ISSUER: "http://localhost:8080/x" }).oidc).toMatchObject({
    allowedDomains: [],
  });
  for (const name of ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"]) {
    expect(() => readConfig({ ...redis, ...issuer, [name]: "" })).toThrow(
      new RegExp(`^${name}: must be set`),
    );
  }
  for (const url of [
    ...[
      "http://id.example",
      "id.example",
      "https://a@id.example",
      "https://id.example?x=y",
      "ftp://id.example",
    ],
    "https://login.microsoftonline.com/common/v2.0",
  ]) {
    expect(() => readConfig({ ...redis, ...issuer, OIDC_ISSUER: url })).toThrow(/^OIDC_ISSUER: [^\n]+$/);
  }
  for (const domains of ["*", "a b.example", "@", "example"]) {
    expect(() => readConfig({ ...redis, ...issuer, OIDC_ALLOWED_DOMAINS: domains })).toThrow(
      /^OIDC_ALLOWED_DOMAINS: [^\n]+$/,
    );
  }
});
