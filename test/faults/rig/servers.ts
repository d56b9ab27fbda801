import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFailoverRedis, type FailoverRedis } from "../../support/failover.ts";
import { startPostgres, type PostgresServer } from "../../support/postgres-server.ts";
import { startRedisCluster, type RedisCluster } from "../../support/redis-cluster.ts";
import { startRedis, type RedisServer } from "../../support/redis-server.ts";
import { mountForgetfulDisk, syncDirectory, type ForgetfulDisk } from "./forgetful-disk.ts";
import type { RigName } from "./rig-names.ts";
import { mountSmallDisk, tablespaceOn, type SmallDisk } from "./small-disk.ts";
import { postgresProbe } from "./store/postgres.ts";
import type { StoreProbe } from "./store/probe.ts";
import { sqliteProbe } from "./store/sqlite.ts";

/** What Fio runs on, and what a fault breaks of it. */
export type Servers = {
  database: "sqlite" | "postgres";
  databaseUrl: string;
  store: StoreProbe;
  postgres: PostgresServer | undefined;
  redis: RedisServer;
  pair: FailoverRedis | undefined;
  cluster: RedisCluster | undefined;
  disks: { store?: SmallDisk; redis?: SmallDisk };
  forgetful: ForgetfulDisk | undefined;
  remove: () => Promise<void>;
};

/** Room for the tables of a long run, and little enough to fill. */
const STORE_BYTES = 1_024 * 2 ** 20;
const REDIS_BYTES = 384 * 2 ** 20;

type Undo = Array<() => Promise<void>>;
type Started = Omit<Servers, "remove" | "forgetful"> & { forgetful?: ForgetfulDisk };

export async function startServers(name: RigName): Promise<Servers> {
  const undo: Undo = [];
  const remove = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return {
      forgetful: undefined,
      ...(await startOf[name](undo)),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** On a disk of the usual kind. */
async function usualDir(undo: Undo): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "fio-sqlite-"));
  undo.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

type Store = Pick<Started, "database" | "databaseUrl" | "store" | "postgres">;

const storeOn = (postgres: PostgresServer, databaseUrl: string): Store => ({
  database: "postgres",
  databaseUrl,
  store: postgresProbe(databaseUrl),
  postgres,
});

function storeIn(dir: string): Store {
  const path = join(dir, "fio.db");
  return { database: "sqlite", databaseUrl: `sqlite:${path}`, store: sqliteProbe(path), postgres: undefined };
}

/** SQLite's file and Redis' append-only file, each on a small disk. */
async function sqlite(undo: Undo): Promise<Started> {
  const [store, redisDisk] = await Promise.all([
    mountSmallDisk({ bytes: STORE_BYTES }),
    mountSmallDisk({ bytes: REDIS_BYTES }),
  ]);
  for (const disk of [store, redisDisk]) if (disk !== null) undo.push(disk.remove);
  const dir = store?.dir ?? (await usualDir(undo));
  const redis = await startRedis(redisDisk === null ? {} : { parent: redisDisk.dir });
  undo.push(redis.remove);
  return {
    ...storeIn(dir),
    redis,
    pair: undefined,
    cluster: undefined,
    disks: { ...(store === null ? {} : { store }), ...(redisDisk === null ? {} : { redis: redisDisk }) },
  };
}

/** Tables on a small disk, and few enough connections to use them up; or a plain one beside a pair of Redis. */
async function postgres(undo: Undo, alone: boolean): Promise<Started> {
  const server = await startPostgres({ settings: ["max_connections=60"] });
  undo.push(server.remove);
  const disk = alone ? await mountSmallDisk({ bytes: STORE_BYTES, parent: server.dir }) : null;
  if (disk !== null) {
    undo.push(async () => {
      await server.kill();
      await disk.remove();
    });
  }
  const databaseUrl = await server.createDatabase(
    "fio",
    disk === null ? {} : { tablespace: await tablespaceOn(disk, server) },
  );
  // A replica that comes back is served at once, not after Redis' five seconds of waiting for more of them.
  const pair = alone ? undefined : await startFailoverRedis({ args: ["--repl-diskless-sync-delay", "0"] });
  if (pair !== undefined) undo.push(pair.remove);
  const redis = pair === undefined ? await startRedis() : currentPrimaryOf(pair);
  if (pair === undefined) undo.push(redis.remove);
  return {
    ...storeOn(server, databaseUrl),
    redis,
    pair,
    cluster: undefined,
    disks: disk === null ? {} : { store: disk },
  };
}

/** SQLite's file on a disk of the usual kind. */
async function cluster(undo: Undo): Promise<Started> {
  const dir = await usualDir(undo);
  const redisCluster = await startRedisCluster();
  undo.push(redisCluster.remove);
  return {
    ...storeIn(dir),
    redis: redisCluster.asOne,
    pair: undefined,
    cluster: redisCluster,
    disks: {},
  };
}

/**
 * All that must outlive a power cut on one disk. What is made before Fio starts is there for good; Redis does not see to
 * that for `appendonlydir`, whose name ext4, XFS and btrfs bring with the first fsync of anything in it.
 */
async function power(undo: Undo, withPostgres: boolean): Promise<Started> {
  const forgetful = await mountForgetfulDisk();
  undo.push(forgetful.remove);
  const redis = await startRedis({ parent: forgetful.dir });
  undo.push(redis.remove);
  await syncDirectory(redis.dir);
  if (!withPostgres) {
    await syncDirectory(forgetful.dir);
    const store = storeIn(join(forgetful.dir, "data"));
    return { ...store, redis, pair: undefined, cluster: undefined, disks: {}, forgetful };
  }
  const server = await startPostgres({ dataParent: forgetful.dir });
  undo.push(server.remove);
  await syncDirectory(forgetful.dir);
  const databaseUrl = await server.createDatabase("fio");
  return {
    ...storeOn(server, databaseUrl),
    redis,
    pair: undefined,
    cluster: undefined,
    disks: {},
    forgetful,
  };
}

const startOf: Record<RigName, (undo: Undo) => Promise<Started>> = {
  sqlite,
  postgres: (undo) => postgres(undo, true),
  failover: (undo) => postgres(undo, false),
  cluster,
  power: (undo) => power(undo, false),
  "power-postgres": (undo) => power(undo, true),
};

/** The pair as one server behind its address: whichever is the primary at the moment. */
function currentPrimaryOf(pair: FailoverRedis): RedisServer {
  return {
    url: pair.url,
    get dir() {
      return pair.primary().dir;
    },
    kill: () => pair.primary().kill(),
    start: () => pair.primary().start(),
    runs: () => pair.primary().runs(),
    lastWords: () => pair.primary().lastWords(),
    pause: () => pair.primary().pause(),
    resume: () => pair.primary().resume(),
    remove: pair.remove,
  };
}
