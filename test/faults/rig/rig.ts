import { join } from "node:path";
import { cuttable, type Cuttable } from "../../support/cuttable.ts";
import type { FailoverRedis } from "../../support/failover.ts";
import type { RedisCluster } from "../../support/redis-cluster.ts";
import type { PostgresServer } from "../../support/postgres-server.ts";
import { seeded, type Random } from "../../support/random.ts";
import type { ServiceProcess } from "../../support/service-process.ts";
import { startSystem, type System } from "../../support/system.ts";
import { openJournal, type Journal } from "../load/journal.ts";
import { startSender, type Sender } from "../load/sender.ts";
import type { ForgetfulDisk } from "./forgetful-disk.ts";
import { isPowerRig, type RigName } from "./rig-names.ts";
import { startServers, type Servers } from "./servers.ts";
import type { SmallDisk } from "./small-disk.ts";
import type { StoreProbe } from "./store/probe.ts";
import { watchReadiness, type Watch } from "./watch.ts";

/** A whole system under load, with everything a fault needs to break it and to see that it broke. */
export type Rig = {
  name: RigName;
  database: "sqlite" | "postgres";
  system: System;
  workers: ServiceProcess[];
  api: ServiceProcess;
  /** Of all processes that a fault may start in place of others, too. */
  watch: Watch;
  store: StoreProbe;
  /** Only where the database is Postgres. */
  postgres: PostgresServer | undefined;
  /** Hold the tables and the append-only file, where there is one and this suite may mount it. */
  disks: { store?: SmallDisk; redis?: SmallDisk };
  /** Only in the rigs that can lose power: holds all that must outlive it. */
  forgetful: ForgetfulDisk | undefined;
  /** Only in the failover rig: the pair, and each process' own stretch of network to its address. */
  pair: FailoverRedis | undefined;
  /** Only in the rig of that name. */
  cluster: RedisCluster | undefined;
  /** Of the queue; a fault may make them fewer for a while. */
  partitions: number;
  links: ReadonlyMap<string, Cuttable>;
  sender: Sender;
  journal: Journal;
  random: Random;
  /** How long an outage of Redis or of the database lasts. */
  outageMs: number;
  remove: () => Promise<void>;
};

export async function startRig({
  name,
  seed,
  eventsPerSecond,
  outageMs,
  entries = {},
  ingests = name === "sqlite" || isPowerRig(name) ? 1 : 2,
  workers = name === "cluster" || isPowerRig(name) ? 1 : 2,
  ackReplicas = name === "failover" || name === "cluster" ? 1 : 0,
  partitions = name === "cluster" ? 3 : 1,
}: {
  name: RigName;
  seed: number;
  eventsPerSecond: number;
  outageMs: number;
  entries?: Partial<Record<"ingest" | "conversations", string>>;
  ingests?: number;
  workers?: number;
  ackReplicas?: number;
  partitions?: number;
}): Promise<Rig> {
  const random = seeded(seed);
  const servers = await startServers(name);
  const links = new Map<string, Cuttable>();
  const removeServers = async (): Promise<void> => {
    await Promise.all([...links.values()].map((link) => link.close()));
    await servers.remove();
  };
  try {
    const system = await startSystem({
      ingests,
      roles: ["api", ...Array.from({ length: workers }, () => "worker" as const)],
      entries,
      env: { REDIS_ACK_REPLICAS: String(ackReplicas), QUEUE_PARTITIONS: String(partitions) },
      databaseUrl: servers.databaseUrl,
      redis: servers.redis,
      ...(servers.pair === undefined ? {} : { redisUrlFor: linksTo(servers.pair, links) }),
    });
    const [api, ...workerProcesses] = system.conversations;
    if (api === undefined) throw new Error("no api");
    const watch = watchReadiness({ processes: system.processes, api });
    const journal = openJournal(join(system.dataDir, "journal.jsonl"));
    const sender = startSender({
      ingests: system.ingests.map(({ url }) => url),
      random,
      journal,
      eventsPerSecond,
      // An ingest is ready while one partition takes events: with several of them a refusal does not tell.
      onResult: ({ ingestUrl, works }) =>
        watch.note(ingestUrl, works === false && partitions > 1 ? null : works),
    });
    return {
      ...partsOf(servers),
      name,
      system,
      partitions,
      workers: workerProcesses,
      api,
      watch,
      links,
      sender,
      journal,
      random,
      outageMs,
      remove: async () => {
        await watch.stop();
        await servers.store.close();
        await journal.close();
        await system.remove();
        await removeServers();
      },
    };
  } catch (error) {
    await removeServers();
    throw error;
  }
}

const partsOf = ({ database, store, postgres, disks, forgetful, pair, cluster }: Servers) => ({
  database,
  store,
  postgres,
  disks,
  forgetful,
  pair,
  cluster,
});

/** A way of its own for every process, so that one can be left alone in the dark. */
function linksTo(pair: FailoverRedis, links: Map<string, Cuttable>): (process: string) => Promise<string> {
  return async (process) => {
    const link = await cuttable(pair.url);
    links.set(process, link);
    return link.url.replace("http:", "redis:");
  };
}
