import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachDatabase, type Database } from "../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../../../test/support/service-process.ts";
import { until } from "../../../test/support/until.ts";
import { run } from "../../../scripts/lib/run.ts";
import { ROOT } from "../../../scripts/lib/services.ts";

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
    const { start, stop } = await prepare({});
    await start();
    expect(await statusOf("/conversations/")).toBe(200);
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
