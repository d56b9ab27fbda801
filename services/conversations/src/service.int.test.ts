import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachDatabase, postgresDatabase, type Database } from "../../../test/support/databases.ts";
import { freePort, startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../../../test/support/service-process.ts";
import { until } from "../../../test/support/until.ts";
import { run } from "../../../scripts/lib/run.ts";
import { ROOT } from "../../../scripts/lib/services.ts";
import { openEventQueue } from "@fio/service/queue";
import { openStore } from "./store/connect.ts";
import * as operations from "./store/migrations/007-operations.ts";
import { storyOf } from "./store/testing/fixture.ts";

const OPERATIONS = "007-operations";

forEachDatabase(({ create }) => {
  let redis: RedisServer;
  let database: Database;
  let dataDir: string;
  let service: ServiceProcess | undefined;
  beforeEach(async () => {
    redis = await startRedis();
    database = await create();
    dataDir = await mkdtemp(join(tmpdir(), "fio-service-"));
  });
  afterEach(async () => {
    await service?.kill();
    await database.remove();
    await redis.remove();
    await rm(dataDir, { recursive: true, force: true });
  });

  const prepare = async (env: Record<string, string>): Promise<ServiceProcess> => {
    const all = { REDIS_URL: redis.url, DATABASE_URL: database.url, LOG_LEVEL: "warn", ...env };
    service = await serviceProcess({ service: "conversations", dataDir, env: all });
    return service;
  };
  const statusOf = async (path: string): Promise<number> => (await fetch(`${service?.url}${path}`)).status;
  const readiness = async (): Promise<string> =>
    fetch(`${service?.url}/readyz`).then(
      (answer) => answer.text(),
      () => "",
    );
  const migrate = () =>
    run(process.execPath, [join(ROOT, "services/conversations/src/migrate.ts")], {
      env: { ...process.env, DATABASE_URL: database.url },
    });

  test("a worker serves health, readiness and metrics, and nothing to read", async () => {
    const { start, stop } = await prepare({ ROLE: "worker" });
    await start();
    expect(await Promise.all(["/healthz", "/readyz", "/metrics"].map(statusOf))).toEqual([200, 200, 200]);
    expect(await statusOf("/conversations/")).toBe(404);
    expect(await stop()).toBe(0);
  });

  test("both roles in one process are the default", async () => {
    const port = await freePort();
    const { start, stop } = await prepare({ OPERATIONS_PORT: String(port) });
    await start();
    expect(await statusOf("/conversations/")).toBe(200);
    // Metrics have a port of their own here, and are nowhere else.
    expect(await Promise.all(["/healthz", "/metrics", "/docs"].map(statusOf))).toEqual([200, 404, 404]);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
    expect(await stop()).toBe(0);
  });

  test("in production a process waits for the schema, and becomes ready by itself", async () => {
    const { start, stop } = await prepare({ NODE_ENV: "production", ALLOW_ANONYMOUS_READS: "true" });
    await start({ ready: false });
    await until(async () => (await statusOf("/readyz").catch(() => 0)) === 503, { what: "it is not ready" });
    expect((await migrate()).code).toBe(0);
    expect((await migrate()).code).toBe(0);
    await until(async () => (await statusOf("/readyz")) === 200, { what: "it is ready" });
    expect(await stop()).toBe(0);
  });

  test("code that is newer than the schema waits for the migration, and loses nothing meanwhile", async () => {
    expect((await migrate()).code).toBe(0);
    const store = openStore(database.url);
    const queueRedis = new Redis(redis.url, { maxRetriesPerRequest: null });
    const queue = openEventQueue(queueRedis);
    try {
      await operations.down(store.write);
      await store.write("knex_migrations").where({ name: OPERATIONS }).del();
      const { start, log } = await prepare({ NODE_ENV: "production", ALLOW_ANONYMOUS_READS: "true" });
      await start({ ready: false });
      await until(async () => (await readiness()).includes(`the schema lacks ${OPERATIONS}`), {
        what: "it says why it waits",
      });
      const { id, created } = storyOf();
      await queue.add("events", { v: 1, events: [created(0)] });
      expect(await statusOf("/conversations/")).toBe(503);
      expect((await log()).match(/the schema does not fit/g)).toHaveLength(1);
      expect((await migrate()).code).toBe(0);
      await until(async () => (await statusOf("/readyz")) === 200, { what: "it is ready" });
      await until(async () => (await statusOf(`/conversations/${id}/`)) === 200, { what: "it is applied" });
    } finally {
      await queue.close();
      queueRedis.disconnect();
      await store.close();
    }
  });

  test("a migration that needs newer code stops work under it, until it is taken back", async () => {
    const { start, log } = await prepare({});
    await start();
    const store = openStore(database.url);
    try {
      await store.write("schema_needs").insert({ migration: "902-drops", needs: "901-adds" });
      await until(async () => (await readiness()).includes("needs code that knows 901-adds"), {
        what: "it is not ready",
      });
      expect(await statusOf("/conversations/")).toBe(503);
      await store.write("schema_needs").del();
      await until(async () => (await statusOf("/readyz")) === 200, { what: "it is ready" });
      expect(await statusOf("/conversations/")).toBe(200);
      expect((await log()).match(/the schema does not fit/g)).toHaveLength(1);
    } finally {
      await store.close();
    }
  });

  test("it starts without Redis, says so, and is ready once that comes", async () => {
    const { start, stop } = await prepare({ ROLE: "worker" });
    await redis.kill();
    await start({ ready: false });
    await until(async () => (await statusOf("/readyz").catch(() => 0)) === 503, { what: "it is not ready" });
    await redis.start();
    await until(async () => (await statusOf("/readyz")) === 200, { what: "it is ready" });
    expect(await stop()).toBe(0);
  });
});

test("a wrong DATABASE_URL ends the migration with one line that names it", async () => {
  const { code, output } = await run(
    process.execPath,
    [join(ROOT, "services/conversations/src/migrate.ts")],
    {
      env: { ...process.env, DATABASE_URL: "mysql://127.0.0.1/fio" },
    },
  );
  expect([code, output.trim().split("\n")]).toEqual([1, [expect.stringMatching(/^DATABASE_URL: /)]]);
});

test(
  "a Postgres that cannot hold every character ends the start with one line",
  { timeout: 90_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "fio-service-"));
    const database = await postgresDatabase({ encoding: "LATIN1" });
    const env = { DATABASE_URL: database.url, REDIS_URL: "redis://127.0.0.1:1", LOG_LEVEL: "fatal" };
    const line = /^DATABASE_URL: the database fio_\w+ has the encoding LATIN1, and Fio needs UTF8: [^\n]*\n$/;
    const service = await serviceProcess({ service: "conversations", dataDir, env });
    try {
      await service.start({ ready: false });
      await until(() => service.pid() === undefined, { what: "it ended" });
      expect([await service.stop(), await service.log()]).toEqual([1, expect.stringMatching(line)]);
      const migration = await run(process.execPath, [join(ROOT, "services/conversations/src/migrate.ts")], {
        env: { ...process.env, ...env },
      });
      expect([migration.code, migration.output]).toEqual([1, expect.stringMatching(line)]);
    } finally {
      await service.kill();
      await database.remove();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
