import { setTimeout as sleep } from "node:timers/promises";
import type { JobEvent } from "@fio/contracts";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import { startPostgres, type PostgresServer } from "../../../../test/support/postgres-server.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { applyBatch } from "../store/apply.ts";
import { openStore, type Store } from "../store/connect.ts";
import { migrate } from "../store/migrate.ts";
import { holdingsOf, storyOf } from "../store/testing/fixture.ts";
import { createRig, type Rig } from "./testing/rig.ts";

/** An outage ends by itself so soon after its cause has gone. */
const RECOVERY_MS = 10_000;

let redis: RedisServer;
let rig: Rig;
let store: Store;
let remove: (() => Promise<void>) | undefined;
beforeEach(async () => {
  redis = await startRedis();
  rig = await createRig(redis.url);
});
afterEach(async () => {
  await rig.close();
  await store.close();
  await remove?.();
  remove = undefined;
  await redis.remove();
});

async function onSqlite(): Promise<string> {
  const database = await sqliteDatabase();
  store = openStore(database.url);
  await migrate(store);
  remove = database.remove;
  return database.url;
}

async function onPostgres(): Promise<{ server: PostgresServer; url: string }> {
  const server = await startPostgres();
  const url = await server.createDatabase("fio");
  store = openStore(url);
  await migrate(store);
  remove = server.remove;
  return { server, url };
}

/** A conversation that is created at once; resolves when the store holds all of it. */
function story() {
  const { id, created, message } = storyOf();
  let sent = 0;
  return {
    id,
    begin: async () => {
      sent += 1;
      await rig.send(created(0));
    },
    say: async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        sent += 1;
        await rig.send(message(sent));
      }
    },
    isIn: (limitMs = RECOVERY_MS) =>
      until(async () => (await holdingsOf(store, [id]).catch(() => null))?.applied.size === sent, {
        what: "all of it is in the store",
        limitMs,
      }),
  };
}

/** As a server that has become a standby would be; connections that are open are cut. */
async function setReadOnly(server: PostgresServer, readOnly: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: server.url.replace(/fio$/, "postgres") });
  await client.connect();
  await client.query(`alter database fio set default_transaction_read_only = ${readOnly}`);
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'fio'",
  );
  await client.end();
}

const perSecond = async (command: string): Promise<number> => {
  const calls = async (): Promise<number> => {
    const info = await rig.redis.info("commandstats");
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(info)?.[1] ?? 0);
  };
  const before = await calls();
  await sleep(2_000);
  return ((await calls()) - before) / 2;
};

test("a Redis that is killed and comes back is gone on with", { timeout: 60_000 }, async () => {
  await onSqlite();
  const { worker } = rig.start({ store });
  const { begin, say, isIn } = story();
  await begin();
  await say(50);
  await redis.kill();
  await until(async () => (await worker.ready()) === "redis takes no writes", { what: "it is not ready" });
  await redis.start();
  await say(10);
  await isIn();
  await rig.idle(RECOVERY_MS);
  await until(async () => (await worker.ready()) === null, { what: "it is ready again" });
});

test("a Redis that is paused beyond the locks of jobs is gone on with", { timeout: 60_000 }, async () => {
  await onSqlite();
  rig.start({ store });
  const { begin, say, isIn } = story();
  await begin();
  await say(20);
  redis.pause();
  await sleep(3_000);
  redis.resume();
  await say(10);
  await isIn();
  await rig.idle(RECOVERY_MS);
});

test("connections that are cut are made again", { timeout: 60_000 }, async () => {
  await onSqlite();
  rig.start({ store });
  const { begin, say, isIn } = story();
  await begin();
  for (let index = 0; index < 5; index += 1) {
    await say(5);
    await rig.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  }
  await isIn();
  await rig.idle(RECOVERY_MS);
});

test(
  "a full Redis is not asked without end, and the queue drains once there is room",
  { timeout: 60_000 },
  async () => {
    await onSqlite();
    const { begin, say, isIn } = story();
    await begin();
    await say(50);
    await rig.redis.config("SET", "maxmemory", "1mb");
    const { worker } = rig.start({ store });
    await sleep(1_500);
    expect(await perSecond("evalsha")).toBeLessThan(40);
    await rig.redis.config("SET", "maxmemory", "512mb");
    await isIn();
    await rig.idle(RECOVERY_MS);
    expect(await worker.ready()).toBeNull();
  },
);

test("what a full Redis did not hear of is announced once there is room", { timeout: 60_000 }, async () => {
  await onSqlite();
  rig.start({
    store,
    apply: async (of, batch) => {
      await rig.redis.config("SET", "maxmemory", "1mb");
      return applyBatch(of, batch);
    },
  });
  const { begin, isIn } = story();
  await begin();
  await isIn();
  expect(await rig.changes()).toEqual([]);
  await rig.redis.config("SET", "maxmemory", "512mb");
  await until(async () => (await rig.changes()).length === 1, {
    what: "it is announced",
    limitMs: RECOVERY_MS,
  });
});

test("a SQLite that another process writes to is waited for", { timeout: 60_000 }, async () => {
  const url = await onSqlite();
  const other = openStore(url);
  rig.start({ store });
  const { begin, say, isIn } = story();
  await begin();
  await isIn();
  const held = other.write.transaction(async (transaction) => {
    await transaction.raw("pragma user_version = 0");
    await say(20);
    await sleep(2_000);
  });
  await held;
  await isIn();
  await other.close();
});

test("a Postgres that is killed and comes back is gone on with", { timeout: 90_000 }, async () => {
  const { server } = await onPostgres();
  const { worker } = rig.start({ store });
  const { begin, say, isIn } = story();
  await begin();
  await say(30);
  await server.kill();
  await say(10);
  await until(async () => (await worker.ready())?.startsWith("the store takes no writes") === true, {
    what: "it is not ready",
  });
  await server.start();
  await isIn();
  await until(async () => (await worker.ready()) === null, { what: "it is ready", limitMs: RECOVERY_MS });
});

test(
  "a Postgres that is paused, and connections that are cut, are gone on with",
  { timeout: 90_000 },
  async () => {
    const { server } = await onPostgres();
    rig.start({ store });
    const { begin, say, isIn } = story();
    await begin();
    await say(10);
    server.pause();
    await say(10);
    await sleep(3_000);
    server.resume();
    await isIn();
    for (let index = 0; index < 5; index += 1) {
      await say(5);
      await store.read.raw(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'fio'",
      );
    }
    await isIn();
  },
);

test(
  "a worker that is paused in the middle of a transaction holds its locks for ten seconds at most",
  { timeout: 90_000 },
  async () => {
    const { url } = await onPostgres();
    const paused = openStore(url);
    rig.start({ store });
    const { id, begin, say, isIn } = story();
    await begin();
    await isIn();
    await new Promise<void>((locked) => {
      const hung = paused.write.transaction(async (transaction) => {
        await transaction("conversations").where({ id }).forUpdate();
        locked();
        await new Promise(() => {});
      });
      hung.catch(() => {});
    });
    await say(1);
    await isIn(20_000);
    void paused.close();
  },
);

test.each(["sqlite", "postgres"] as const)(
  "a schema that loses a column under a running worker on %s is waited for, and no event is to blame",
  { timeout: 90_000 },
  async (kind) => {
    await (kind === "sqlite" ? onSqlite() : onPostgres());
    rig.start({ store });
    const { id, begin, say, isIn } = story();
    await begin();
    await isIn();
    await store.write.raw("alter table messages rename column content to other_name");
    await say(20);
    await sleep(2_000);
    expect((await rig.queue.getJobCounts("active", "wait", "delayed", "failed")).failed).toBe(0);
    await store.write.raw("alter table messages rename column other_name to content");
    await isIn();
    expect((await holdingsOf(store, [id])).unapplied.size).toBe(0);
    await rig.idle(RECOVERY_MS);
  },
);

test(
  "statements that the server has forgotten, and columns that a migration adds, cost no event",
  { timeout: 90_000 },
  async () => {
    await onPostgres();
    rig.start({ store });
    const { id, begin, say, isIn } = story();
    await begin();
    for (let index = 0; index < 5; index += 1) {
      await say(5);
      await isIn();
      await Promise.all(Array.from({ length: 4 }, () => store.write.raw("deallocate all")));
      await store.write.raw(`alter table messages add column later_${index} text`);
    }
    await say(5);
    await isIn();
    expect((await holdingsOf(store, [id])).unapplied.size).toBe(0);
  },
);

test.each(["sqlite", "postgres"] as const)(
  "an event that can neither be applied nor kept ends in the failed set, whole, and takes no other with it (%s)",
  { timeout: 60_000 },
  async (kind) => {
    await (kind === "sqlite" ? onSqlite() : onPostgres());
    await store.write.raw(
      kind === "sqlite"
        ? "create trigger none_kept before insert on unapplied_events begin select raise(abort, 'none'); end"
        : "alter table unapplied_events add constraint none_kept check (reason <> 'INTERNAL_ERROR')",
    );
    const { registry } = rig.start({
      store,
      apply: (of, batch) => {
        const isBad = ({ event }: JobEvent) => event.type === "NEW_MESSAGE" && event.data.content === "bad";
        if (batch.events.some(isBad)) throw new TypeError("a bug");
        return applyBatch(of, batch);
      },
    });
    const { id, created, message } = storyOf();
    const bad = message(2, { content: "bad" });
    await rig.send(created(1), bad, message(3));
    await rig.send(message(4));
    await until(async () => (await rig.queue.getJobCounts("failed"))["failed"] === 1, {
      what: "it is given up",
    });
    await rig.idle();
    const [job] = await rig.queue.getFailed();
    expect([job?.data.events.length, job?.data.events[1]]).toEqual([3, bad]);
    expect((await holdingsOf(store, [id])).applied.size).toBe(3);
    expect(await registry.getSingleMetricAsString("fio_worker_given_up_jobs_total")).toMatch(/ 1$/);
  },
);

test(
  "a Postgres that is paused or only reads is not ready within seconds, with work or without",
  { timeout: 120_000 },
  async () => {
    const { server } = await onPostgres();
    const { worker } = rig.start({ store });
    const { begin, say, isIn } = story();
    await begin();
    await isIn();
    const isNotReady = async (): Promise<void> => {
      const from = performance.now();
      await until(async () => (await worker.ready())?.startsWith("the store takes no writes"), {
        what: "it is not ready",
      });
      expect(performance.now() - from).toBeLessThan(10_000);
    };
    const isReady = () => until(async () => (await worker.ready()) === null, { what: "it is ready" });
    await isReady();
    server.pause();
    await isNotReady();
    server.resume();
    await isReady();
    await setReadOnly(server, true);
    await isNotReady();
    await say(3);
    await isNotReady();
    await setReadOnly(server, false);
    await isIn(20_000);
    await isReady();
  },
);

test(
  "a SQLite whose disk is full is not ready within seconds of the first event, and goes on once there is room",
  { timeout: 90_000 },
  async () => {
    await onSqlite();
    const { worker } = rig.start({ store });
    const { begin, say, isIn } = story();
    await begin();
    await isIn();
    // What SQLite says of a full disk it says of this too.
    const [size] = await store.write.raw<Array<{ page_count: number }>>("pragma page_count");
    await store.write.raw(`pragma max_page_count = ${size?.page_count}`);
    const from = performance.now();
    await say(500);
    await until(async () => (await worker.ready())?.includes("SQLITE_FULL"), { what: "it is not ready" });
    expect(performance.now() - from).toBeLessThan(20_000);
    await store.write.raw("pragma max_page_count = 1073741823");
    await isIn(30_000);
    await until(async () => (await worker.ready()) === null, { what: "it is ready" });
  },
);
