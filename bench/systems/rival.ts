import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { startRedis } from "../../test/support/redis-server.ts";
import { serviceProcess, type ServiceProcess } from "../../test/support/service-process.ts";
import { RIVALS, type RivalName } from "../rivals/index.ts";
import { rivalQueue } from "../rivals/support/queue.ts";
import { REDIS_ARGS, redisPid, running } from "./processes.ts";
import { readStore } from "./store-reader.ts";
import type { Rival } from "../rivals/rival.ts";
import type { StoreKind, System } from "./system.ts";

const ENTRY = fileURLToPath(new URL("../rivals/main.ts", import.meta.url));

/** With a queue where it has a worker; `store` is `null` for those that keep nothing. */
export async function startRival({
  name,
  store,
  createDatabase,
}: {
  name: RivalName;
  store: StoreKind | null;
  createDatabase: () => Promise<string>;
}): Promise<System> {
  const rival: Rival = RIVALS[name];
  const dataDir = await mkdtemp(join(tmpdir(), "fio-rival-"));
  const databaseUrl =
    store === null ? "" : store === "sqlite" ? `sqlite:${join(dataDir, "rival.db")}` : await createDatabase();
  const server = rival.worker === undefined ? null : await startRedis({ args: REDIS_ARGS });
  const redis = server === null ? null : new Redis(server.url);
  const queue = server === null ? null : rivalQueue(server.url);
  const process = (role: "intake" | "worker"): Promise<ServiceProcess> =>
    serviceProcess({
      service: "ingest",
      name: role,
      dataDir,
      entry: ENTRY,
      env: {
        NODE_ENV: "production",
        RIVAL: name,
        ROLE: role,
        REDIS_URL: server?.url ?? "",
        DATABASE_URL: databaseUrl,
      },
    });
  const intake = await process("intake");
  const workers = server === null ? [] : [await process("worker")];
  await Promise.all([intake, ...workers].map((one) => one.start()));
  const reader = store === null ? null : await readStore(databaseUrl);
  const pid = redis === null ? null : await redisPid(redis);

  return {
    url: intake.url,
    processes: () => running({ intake: [intake], worker: workers, redis: pid }),
    redis,
    store: reader,
    pending: async () => {
      const counts = await queue?.getJobCounts("waiting", "active", "delayed", "prioritized");
      return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
    },
    keptOut: async () => (await queue?.getFailedCount()) ?? 0,
    hold: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
    release: async () => {
      await Promise.all(workers.map((worker) => worker.start()));
    },
    remove: async () => {
      await Promise.all([queue?.close(), reader?.close()]);
      redis?.disconnect();
      await Promise.all([intake, ...workers].map((one) => one.kill()));
      await server?.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
