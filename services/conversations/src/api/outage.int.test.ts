import { randomUUID } from "node:crypto";
import Database from "better-sqlite3";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import { startPostgres, type PostgresServer } from "../../../../test/support/postgres-server.ts";
import { until } from "../../../../test/support/until.ts";
import { openStore, type Store } from "../store/connect.ts";
import { migrate } from "../store/migrate.ts";
import { migratedStore } from "../store/testing/fixture.ts";
import { startApi, type Answer, type Api } from "./testing/start-api.ts";

const id = randomUUID();
const READS = [
  "/conversations/",
  `/conversations/${id}/`,
  `/conversations/${id}/events`,
  `/events/NEW_MESSAGE/${id}`,
  "/rejections",
  "/search?q=ola",
];

/** Many at once, of every kind: more than there are connections. */
const readMany = (api: Api): Promise<Answer[]> =>
  Promise.all(
    Array.from({ length: 5 }, () => READS)
      .flat()
      .map((path) => api.get(path)),
  );

async function expectRefused(api: Api): Promise<void> {
  const from = performance.now();
  const answers = await readMany(api);
  expect(performance.now() - from).toBeLessThan(12_000);
  for (const { status, headers, body } of answers) {
    expect([status, body]).toMatchObject([503, { code: "STORE_UNAVAILABLE" }]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect((await api.get("/healthz")).status).toBe(200);
  await until(async () => (await api.get("/readyz")).status === 503, {
    what: "it is not ready",
    limitMs: 5_000,
  });
}

async function expectWell(api: Api): Promise<void> {
  await until(async () => (await api.get("/readyz")).status === 200, { what: "it is ready again" });
  await until(async () => (await readMany(api)).every(({ status }) => status < 500), {
    what: "it answers again",
  });
}

describe("on Postgres", () => {
  let server: PostgresServer;
  let store: Store;
  let api: Api;
  beforeAll(async () => {
    server = await startPostgres({ settings: ["fsync=off", "max_connections=20"] });
    store = openStore(await server.createDatabase("fio"));
    await migrate(store);
    api = await startApi({ store, redisUrl: inject("redisUrl") });
  });
  afterAll(async () => {
    server.resume();
    await api.close();
    await store.close();
    await server.remove();
  });

  const superuser = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: server.url });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  };

  test("a server that is killed is a 503 with Retry-After, and well by itself when it is back", async () => {
    await expectWell(api);
    await server.kill();
    await expectRefused(api);
    await server.start();
    await expectWell(api);
  });

  test("a server that hangs is a 503 within seconds, and well by itself when it goes on", async () => {
    await expectWell(api);
    server.pause();
    await expectRefused(api);
    server.resume();
    await expectWell(api);
  });

  test("connections that are terminated while nobody uses them are not noticed by a reader", async () => {
    await expectWell(api);
    await superuser(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'fio'",
    );
    await expectWell(api);
  });

  test("a table that is locked is a 503 within seconds, and nothing goes on that nobody waits for", async () => {
    await expectWell(api);
    const holder = new pg.Client({ connectionString: server.url });
    await holder.connect();
    await holder.query(
      "begin; lock table conversations, messages, unapplied_events in access exclusive mode",
    );
    const from = performance.now();
    const answer = await api.get("/conversations/");
    expect([answer.status, answer.body]).toMatchObject([503, { code: "STORE_UNAVAILABLE" }]);
    expect(performance.now() - from).toBeLessThan(8_000);
    await until(
      async () => {
        const rows = await superuser(
          "select pid from pg_stat_activity where datname = 'fio' and wait_event_type = 'Lock' and query like '%activity_at%'",
        );
        return rows.length === 0;
      },
      { what: "no query waits for the lock any more" },
    );
    await holder.end();
    await expectWell(api);
  });
});

describe("on SQLite", () => {
  test("a database that another process has for itself is a 503, and well by itself afterwards", async () => {
    const { store, url, remove } = await migratedStore(sqliteDatabase);
    const api = await startApi({ store, redisUrl: inject("redisUrl") });
    const other = new Database(url.slice("sqlite:".length));
    try {
      await expectWell(api);
      // Writers do not keep readers waiting.
      other.exec("begin immediate; create table t (a)");
      await expectWell(api);
      other.exec("rollback");
      // Whoever holds the whole file does.
      await store.read.destroy();
      await store.write.destroy();
      store.read.initialize();
      store.write.initialize();
      other.pragma("locking_mode = exclusive");
      other.exec("begin exclusive");
      await expectRefused(api);
      other.close();
      await expectWell(api);
    } finally {
      if (other.open) other.close();
      await api.close();
      await remove();
    }
  });
});
