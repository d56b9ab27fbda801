import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receiptOf, type AcceptedEvent } from "@fio/contracts";
import { openStore, type Store } from "../../services/conversations/src/store/connect.ts";
import { openJournal, type Journal } from "../faults/load/journal.ts";
import { startSender, type Sender } from "../faults/load/sender.ts";
import { postgresProbe } from "../faults/rig/store/postgres.ts";
import type { StoreProbe } from "../faults/rig/store/probe.ts";
import { sqliteProbe } from "../faults/rig/store/sqlite.ts";
import type { Database, DatabaseKind } from "../support/databases.ts";
import { seeded, type Random } from "../support/random.ts";
import { startRedis } from "../support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../support/service-process.ts";
import { applyAsReleased } from "./released/apply.ts";
import { releasedHistories } from "./released/histories.ts";
import { migrateAsReleased } from "./released/schema.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BATCH = 1_000;

/** An installation of version 0.1.0 that has been in use: its store, full, and senders that go on. */
export type Stage = {
  store: Store;
  probe: StoreProbe;
  redisUrl: string;
  databaseUrl: string;
  /** What processes of today are given, as in production on Postgres and as by `npm start` on SQLite. */
  env: Record<string, string>;
  journal: Journal;
  sender: Sender;
  /** A process of today, which is not started yet. */
  processOf: (name: string, role: "worker" | "api") => Promise<ServiceProcess>;
  remove: () => Promise<void>;
};

export async function setStage({
  kind,
  create,
  oldEvents,
  eventsPerSecond,
}: {
  kind: DatabaseKind;
  create: () => Promise<Database>;
  oldEvents: number;
  eventsPerSecond: number;
}): Promise<Stage> {
  const random = seeded(11);
  const undo: Array<() => unknown> = [];
  const remove = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const dataDir = await mkdtemp(join(tmpdir(), "fio-upgrade-"));
    undo.push(() => rm(dataDir, { recursive: true, force: true }));
    const [database, redis] = await Promise.all([create(), startRedis()]);
    undo.push(database.remove, redis.remove);
    const journal = openJournal(join(dataDir, "journal.jsonl"));
    undo.push(journal.close);
    const store = openStore(database.url);
    undo.push(store.close);
    await migrateAsReleased(store);
    await fill(store, { events: oldEventsOf(random, oldEvents), journal });

    const env = {
      ...{ REDIS_URL: redis.url, DATABASE_URL: database.url, LOG_LEVEL: "info" },
      ...(kind === "postgres"
        ? { NODE_ENV: "production", ALLOW_ANONYMOUS_READS: "true", SIGN_IN: "off" }
        : {}),
    };
    const processOf: Stage["processOf"] = async (name, role) => {
      const one = await serviceProcess({
        ...{ service: "conversations", name, dataDir },
        env: { ...env, ROLE: role },
      });
      undo.push(one.kill);
      return one;
    };
    const ingest = await serviceProcess({ service: "ingest", dataDir, env: { REDIS_URL: redis.url } });
    undo.push(ingest.kill);
    await ingest.start();
    const sender = startSender({
      ...{ ingests: [ingest.url], random, journal, eventsPerSecond, connections: 8 },
      source: releasedHistories({ random, now: Date.now, aheadMs: -MINUTE_MS }),
    });
    undo.push(sender.stop);
    const probe =
      kind === "postgres" ? postgresProbe(database.url) : sqliteProbe(database.url.slice("sqlite:".length));
    undo.push(probe.close);
    const urls = { redisUrl: redis.url, databaseUrl: database.url };
    return { store, probe, ...urls, env, journal, sender, processOf, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Three days of them. Some senders' clocks were four minutes ahead: that was allowed. */
function oldEventsOf(random: Random, count: number): AcceptedEvent[] {
  let clock = Date.now() - 3 * DAY_MS;
  const source = releasedHistories({ random, now: () => clock, aheadMs: 4 * MINUTE_MS });
  return Array.from({ length: count }, () => {
    clock += 1 + random.int((2 * 3 * DAY_MS) / count - 2);
    return { receipt: receiptOf(BigInt(clock) * 1_000n), event: source.next() };
  });
}

async function fill(
  store: Store,
  { events, journal }: { events: readonly AcceptedEvent[]; journal: Journal },
): Promise<void> {
  for (let from = 0; from < events.length; from += BATCH) {
    await applyAsReleased(store, events.slice(from, from + BATCH), Date.now());
  }
  await store.write("outbox").delete();
  for (const { receipt, event } of events) {
    const at = Number(receipt) / 1_000 - performance.timeOrigin;
    journal.accept([event], [receipt], { sentAt: at, answeredAt: at });
  }
}
