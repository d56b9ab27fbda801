import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis, type RedisServer } from "./redis-server.ts";
import type { ServiceName } from "../../scripts/lib/services.ts";
import { serviceProcess, type ServiceProcess } from "./service-process.ts";

export type Role = "all" | "api" | "worker";

/** The whole of Fio as real processes on free ports, with a Redis and a data directory of its own. */
export type System = {
  redis: RedisServer;
  /** Holds the SQLite store and one log file per process. */
  dataDir: string;
  databaseUrl: string;
  /** What every process is given. */
  env: Record<string, string>;
  ingests: ServiceProcess[];
  /** In the order of `roles`. */
  conversations: ServiceProcess[];
  web: ServiceProcess | undefined;
  /** Of the first ingest, the first process that serves the api, and the web app. */
  ingestUrl: string;
  apiUrl: string;
  webUrl: string;
  /** Every process of ours, without Redis. */
  processes: ServiceProcess[];
  /** kill -9 of all, Redis included. */
  kill: () => Promise<void>;
  /** Starts all again, after a kill, with what is on disk. */
  start: () => Promise<void>;
  /** Ends all and removes the data. */
  remove: () => Promise<void>;
};

/**
 * Starts it and resolves once every process is ready. `env` goes to all, over the defaults; `databaseUrl` takes
 * the place of a SQLite file in the data directory; `redis` that of a server of its own, and is removed with it;
 * `entries` that of a service's own main file; `redisUrlFor` gives a process another way to Redis. The web app must have
 * been built.
 */
export async function startSystem({
  ingests = 1,
  roles = ["all"],
  web = false,
  env = {},
  databaseUrl,
  redisArgs = [],
  redis: givenRedis,
  entries = {},
  redisUrlFor,
}: {
  ingests?: number;
  roles?: Role[];
  web?: boolean;
  env?: Record<string, string>;
  databaseUrl?: string;
  redisArgs?: string[];
  redis?: RedisServer;
  entries?: Partial<Record<ServiceName, string>>;
  redisUrlFor?: (process: string) => Promise<string>;
} = {}): Promise<System> {
  const dataDir = await mkdtemp(join(tmpdir(), "fio-system-"));
  const redis = givenRedis ?? (await startRedis({ args: redisArgs }));
  const store = databaseUrl ?? `sqlite:${join(dataDir, "fio.db")}`;
  const shared = {
    LOG_LEVEL: "info",
    REDIS_URL: redis.url,
    DATABASE_URL: store,
    WEB_SECRETS: "what the web app signs with",
    ...env,
  };

  const numbered = (name: string, index: number, count: number) =>
    count === 1 ? name : `${name}-${index + 1}`;
  const prepare = async (
    service: "ingest" | "conversations",
    name: string,
    own: Record<string, string> = {},
  ): Promise<ServiceProcess> => {
    const redisUrl = await redisUrlFor?.(name);
    const way: Record<string, string> = redisUrl === undefined ? {} : { REDIS_URL: redisUrl };
    return serviceProcess({
      service,
      name,
      dataDir,
      env: { ...shared, ...way, ...own },
      entry: entries[service],
    });
  };
  const ingestProcesses = await Promise.all(
    Array.from({ length: ingests }, (_, index) => prepare("ingest", numbered("ingest", index, ingests))),
  );
  const conversations = await Promise.all(
    roles.map((role, index) =>
      prepare("conversations", numbered(`conversations-${role}`, index, roles.length), { ROLE: role }),
    ),
  );
  const ingestUrl = ingestProcesses[0]?.url ?? "";
  const apiUrl =
    conversations[
      Math.max(
        0,
        roles.findIndex((role) => role !== "worker"),
      )
    ]?.url ?? "";
  const webProcess = web
    ? await serviceProcess({
        service: "web",
        dataDir,
        env: { ...shared, INGEST_URL: ingestUrl, API_URL: apiUrl },
      })
    : undefined;
  const processes = [...conversations, ...ingestProcesses, ...(webProcess === undefined ? [] : [webProcess])];

  const startAll = async (): Promise<void> => {
    // The first brings the schema up to date; the others find it so.
    await conversations[0]?.start();
    await Promise.all(processes.filter((process) => process !== conversations[0]).map((one) => one.start()));
  };
  const kill = async (): Promise<void> => {
    await Promise.all([redis.kill(), ...processes.map((process) => process.kill())]);
  };
  const remove = async (): Promise<void> => {
    await kill();
    await redis.remove();
    await rm(dataDir, { recursive: true, force: true });
  };

  try {
    await startAll();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    redis,
    dataDir,
    databaseUrl: store,
    env: shared,
    ingests: ingestProcesses,
    conversations,
    web: webProcess,
    ingestUrl,
    apiUrl,
    webUrl: webProcess?.url ?? "",
    processes,
    kill,
    start: async () => {
      await redis.start();
      await startAll();
    },
    remove,
  };
}
