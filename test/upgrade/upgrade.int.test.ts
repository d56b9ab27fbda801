import { spawn } from "node:child_process";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import { readQueue, unapplied } from "@fio/service/queue";
import { ROOT } from "../../scripts/lib/services.ts";
import { BACKFILLS } from "../../services/conversations/src/store/backfills/index.ts";
import { readProgress } from "../../services/conversations/src/store/backfills/table.ts";
import { check } from "../faults/check/check.ts";
import { takeSnapshot } from "../faults/rig/store/snapshot.ts";
import { forEachDatabase } from "../support/databases.ts";
import type { ServiceProcess } from "../support/service-process.ts";
import { until } from "../support/until.ts";
import { watchWrites, type HeldWrites } from "./held-writes.ts";
import { readAllOf } from "./read-all.ts";
import { readAsReleased, readList, type Reader } from "./readers.ts";
import { isAsReleased } from "./released/schema.ts";
import { startReleasedWorker } from "./released/worker.ts";
import { setStage, type Stage } from "./stage.ts";

/*
 * Expand, then contract: a store of version 0.1.0, as its workers left it, gets the schema and the workers of today while events
 * come in. On Postgres as in production: old workers and readers go on beside, the migration is a step of its own. On SQLite
 * as by `npm start`: the new processes migrate, two at once.
 */

const undo: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

forEachDatabase(({ kind, create }) => {
  const isPostgres = kind === "postgres";

  test("the store of the last release is upgraded under load: nothing is lost or refused, and all that is old is read", async () => {
    const stage = await setStage({ kind, create, oldEvents: 24_000, eventsPerSecond: 100 });
    undo.push(stage.remove);
    const { store, journal, sender } = stage;
    const over = new AbortController();
    const [oldReader, list] = [reader(), reader()];
    const oldWorker = startReleasedWorker(stage);
    undo.push(() => oldWorker.close());
    const reading = [readAsReleased(stage.databaseUrl, over.signal, oldReader)];
    undo.push(() => (over.abort(), Promise.all(reading)));
    await until(() => oldWorker.applied() > 300, { what: "the old worker is at work" });

    const [first, second, api] = await Promise.all([
      stage.processOf("worker-1", "worker"),
      stage.processOf("worker-2", "worker"),
      stage.processOf("api", "api"),
    ]);
    const workers = [first, second];
    const writes = await watchWrites(stage.databaseUrl);
    undo.push(writes.stop);
    reading.push(readList(api.url, over.signal, list));

    // Killed in the middle of the migration: as if it had not been.
    if (!isPostgres) await oldWorker.close();
    const killed = await killedWhileMigrating({ stage, workers, writes, isPostgres });
    expect(await isAsReleased(store)).toBe(true);

    // Two at once, and an api that waits for them.
    const begun = performance.now();
    await startAll([...workers, api]);
    if (isPostgres) expect(await Promise.all([migration(stage).done, migration(stage).done])).toEqual([0, 0]);
    await untilReady([...workers, api]);
    const upgradedMs = performance.now() - begun;
    const heldMs = writes.longestMs();

    // Workers of both versions, on Postgres.
    const before = oldWorker.applied();
    if (isPostgres) {
      await until(() => oldWorker.applied() > before + 200, { what: "the old worker goes on" });
      await oldWorker.close();
    }
    over.abort();
    await Promise.all(reading);

    // Killed in the middle of a backfill; then to the end of the first walk.
    const progress = () => readProgress(store);
    await until(async () => (await progress()).some(({ rows, finished }) => rows > 0 && !finished), {
      what: "a backfill is under way",
    });
    await Promise.all(workers.map((one) => one.kill()));
    expect((await progress()).filter(({ walk }) => walk === 2).length).toBeLessThan(BACKFILLS.length);
    await startAll(workers);
    await until(
      async () => {
        const all = await progress();
        return all.length === BACKFILLS.length && all.every(({ walk, finished }) => walk === 2 || finished);
      },
      { what: "all old rows were looked at once", limitMs: 90_000 },
    );
    const backfilledMs = performance.now() - begun;
    await untilReady(workers);
    // An hour later.
    await Promise.all(workers.map((one) => one.stop()));
    await store.write("backfills").update({ not_before: 0 });
    await startAll(workers);
    await until(async () => (await progress()).every(({ finished }) => finished), {
      what: "the backfills have ended",
      limitMs: 90_000,
    });

    await sender.stop();
    await untilIdle(stage);
    const snapshot = await takeSnapshot(stage.probe);
    const readings = await readAllOf(api.url, snapshot);
    console.log(
      `${kind}: ${snapshot.applied.length} events in the store, ${snapshot.kept.length} kept apart; upgraded in ${seconds(upgradedMs)} beside ` +
        `${journal.acknowledged.length} events; nobody could write for ${seconds(heldMs)} at most, old reads took ` +
        `${seconds(oldReader.longestMs)} at most; old rows in shape after ${seconds(backfilledMs)}; killed ${killed}; read again: ${readings.conversations} conversations, ` +
        `${readings.messages} messages, ${readings.searches} searches`,
    );
    expect(check(journal, snapshot)).toEqual([]);
    expect(readings.missing).toEqual([]);
    expect([journal.refused, [...journal.unsure], oldWorker.faults]).toEqual([[], [], []]);
    expect([oldReader.faults, list.faults]).toEqual([[], []]);
    expect(list.reads).toBeGreaterThan(0);
  }, 280_000);
});

const reader = (): Reader => ({ reads: 0, faults: [], longestMs: 0 });
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

const startAll = (processes: readonly ServiceProcess[]): Promise<unknown> =>
  Promise.all(processes.map((one) => one.start({ ready: false })));

const untilReady = (processes: readonly ServiceProcess[]): Promise<unknown> =>
  Promise.all(
    processes.map(({ name, url }) =>
      until(async () => (await fetch(`${url}/readyz`).catch(() => null))?.status === 200, {
        what: `${name} is ready`,
      }),
    ),
  );

/** The step that compose runs. */
function migration({ env }: Stage): { kill: () => void; done: Promise<number | null> } {
  const child = spawn(process.execPath, [join(ROOT, "services/conversations/src/migrate.ts")], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: "ignore",
  });
  return {
    kill: () => child.kill("SIGKILL"),
    done: new Promise((resolve) => child.once("exit", resolve)),
  };
}

/** Ends whoever migrates once nobody else can write; gives how long that had been so. */
async function killedWhileMigrating({
  stage,
  workers,
  writes,
  isPostgres,
}: {
  stage: Stage;
  workers: readonly ServiceProcess[];
  writes: HeldWrites;
  isPostgres: boolean;
}): Promise<string> {
  const migrating = isPostgres ? migration(stage) : null;
  if (migrating === null) await startAll(workers);
  await until(() => writes.now() > 40, { what: "it has begun to migrate", everyMs: 1 });
  const heldMs = writes.now();
  if (migrating === null) await Promise.all(workers.map((one) => one.kill()));
  else {
    migrating.kill();
    await migrating.done;
  }
  return `after ${Math.round(heldMs)} ms of migrating`;
}

async function untilIdle({ store, redisUrl }: Stage): Promise<void> {
  const redis = new Redis(redisUrl);
  try {
    await until(
      async () => {
        const { jobs } = await readQueue(redis, 0);
        return unapplied(jobs) === 0 && (await store.read("outbox").select("id").limit(1)).length === 0;
      },
      { what: "all is applied and announced", limitMs: 60_000 },
    );
  } finally {
    redis.disconnect();
  }
}
