import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { openStore } from "../../services/conversations/src/store/connect.ts";
import { migrate } from "../../services/conversations/src/store/migrate.ts";
import { fillLopsided, type Lopsided } from "../../services/conversations/src/store/testing/lopsided.ts";
import { startSystem } from "../../test/support/system.ts";
import { REDIS_ARGS, redisPid, running } from "./processes.ts";
import { readStore } from "./store-reader.ts";
import type { StoreKind, System } from "./system.ts";

/** As it is deployed: an ingest and workers, from their main files. `filled` is what the store has before. */
export async function startFio({
  workers,
  store,
  filled,
  env = {},
  createDatabase,
}: {
  workers: number;
  store: StoreKind;
  filled?: Lopsided;
  env?: Record<string, string>;
  createDatabase: () => Promise<string>;
}): Promise<System> {
  const dataDir = await mkdtemp(join(tmpdir(), "fio-store-"));
  const databaseUrl = store === "sqlite" ? `sqlite:${join(dataDir, "fio.db")}` : await createDatabase();
  await prepare(databaseUrl, filled);
  const system = await startSystem({
    roles: Array.from({ length: workers }, () => "worker" as const),
    databaseUrl,
    redisArgs: REDIS_ARGS,
    env: { NODE_ENV: "production", ALLOW_UNSIGNED_WEBHOOKS: "true", MAX_BACKLOG: "100000000", ...env },
  });
  const redis = new Redis(system.redis.url);
  const reader = await readStore(databaseUrl);
  const pid = await redisPid(redis);
  const before = await reader.unapplied();

  return {
    url: system.ingestUrl,
    processes: () => running({ intake: system.ingests, worker: system.conversations, redis: pid }),
    redis,
    store: reader,
    pending: () => eventsInQueue(system.ingestUrl),
    keptOut: async () => (await reader.unapplied()) - before,
    hold: async () => {
      await Promise.all(system.conversations.map((worker) => worker.stop()));
    },
    release: async () => {
      await Promise.all(system.conversations.map((worker) => worker.start()));
    },
    remove: async () => {
      redis.disconnect();
      await reader.close();
      await system.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function prepare(databaseUrl: string, filled: Lopsided | undefined): Promise<void> {
  const store = openStore(databaseUrl);
  try {
    await migrate(store);
    if (filled !== undefined) await fillLopsided(store, filled);
  } finally {
    await store.close();
  }
}

/** As its metrics say. */
async function eventsInQueue(ingestUrl: string): Promise<number> {
  const text = await (await fetch(`${ingestUrl}/metrics`)).text();
  const values = [...text.matchAll(/^fio_queue_events\{[^}]*\} (\S+)$/gm)].map(([, value]) => Number(value));
  if (values.length === 0) throw new Error("ingest does not say how many events wait");
  return values.reduce((sum, value) => sum + value, 0);
}
