import { readLayout } from "@fio/service/layout";
import type { RedisCluster } from "../../support/redis-cluster.ts";
import { serviceProcess } from "../../support/service-process.ts";
import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import type { Fault } from "../fault.ts";
import { everyoneIsServed } from "../probes.ts";
import { underLoad } from "../recovery.ts";
import { askRedis, backlog } from "../rig/redis.ts";
import type { Rig } from "../rig/rig.ts";

function clusterOf({ cluster }: Rig): RedisCluster {
  demand(cluster !== undefined, "this rig has no cluster");
  return cluster;
}

/** Its replica may take over in the meantime, on a machine that is slow: that is as well. */
const startedAgain: Fault = {
  name: "a primary of a Redis Cluster is killed and started again from its disk",
  on: ["cluster"],
  // A takeover shows more.
  shortOn: [],
  limitMs: 10_000,
  strike: async (rig) => {
    const cluster = clusterOf(rig);
    const primary = await cluster.primary(1);
    await primary.kill();
    await primary.start();
    await cluster.whole();
    const returnedAt = performance.now();
    const now = await cluster.primary(1);
    return {
      proof: `${primary.url} was killed, ${now === primary ? "it" : now.url} is the primary`,
      returnedAt,
    };
  },
};

/** Of the first partition, where changes and answers go. An event must be on a replica, so one has to come back. */
const takenOver: Fault = {
  name: "a primary of a Redis Cluster dies and its replica takes over",
  on: ["cluster"],
  limitMs: 10_000,
  strike: async (rig) => {
    const cluster = clusterOf(rig);
    const serving = everyoneIsServed(rig);
    const primary = await cluster.primary();
    await primary.kill();
    const next = await cluster.primary();
    demand(next !== primary, "nobody took over");
    await primary.start();
    await cluster.whole();
    return { proof: `${next.url} took over from ${primary.url}`, returnedAt: performance.now(), ...serving };
  },
};

/**
 * It takes connections and answers nothing, until its replica has taken over. Then it wakes, still takes itself for the
 * primary, and finds what was sent to it meanwhile.
 */
const hung: Fault = {
  name: "a primary of a Redis Cluster hangs, its replica takes over, and it wakes",
  on: ["cluster"],
  // There the takeover of a dead one stands for it.
  shortOn: [],
  limitMs: 20_000,
  strike: async (rig) => {
    const cluster = clusterOf(rig);
    const serving = everyoneIsServed(rig);
    const primary = await cluster.primary();
    primary.pause();
    try {
      const next = await cluster.primary();
      demand(next !== primary, "nobody took over");
      await underLoad(rig.outageMs);
      primary.resume();
      await cluster.whole();
      return {
        proof: `${next.url} took over from ${primary.url}, which woke`,
        returnedAt: performance.now(),
        ...serving,
      };
    } finally {
      primary.resume();
    }
  },
};

/** The worker stands still meanwhile, so that the queues of before hold events. */
const otherNumbers: Fault = {
  name: "the number of partitions changes to 1, 3 and 2 with events in flight",
  on: ["cluster"],
  // Its jobs may have lost their locks.
  limitMs: 20_000,
  strike: async (rig) => {
    const { env, redis, dataDir } = rig.system;
    const inFlight: string[] = [];
    for (const worker of rig.workers) worker.pause();
    try {
      for (const partitions of [1, 3, 2]) {
        const ingest = await serviceProcess({
          service: "ingest",
          name: `ingest-of-${partitions}`,
          dataDir,
          env: { ...env, REDIS_URL: redis.url, QUEUE_PARTITIONS: String(partitions) },
        });
        await ingest.start();
        await ingest.stop();
        await until(async () => (await askRedis(redis.url, readLayout)).layout.count === partitions, {
          what: `there are ${partitions} partitions`,
        });
        await underLoad(500);
        inFlight.push(`${partitions}: ${(await jobsOf(rig)).join("+")} jobs`);
      }
      demand(
        (await jobsOf(rig)).every((jobs) => jobs > 0),
        "no events were in flight",
      );
    } finally {
      for (const worker of rig.workers) worker.resume();
    }
    return { proof: inFlight.join(", "), returnedAt: performance.now() };
  },
};

const jobsOf = ({ system, partitions }: Rig): Promise<number[]> =>
  Promise.all(
    Array.from({ length: partitions }, (_, partition) =>
      askRedis(system.redis.url, (redis) => backlog(redis, partition), { partition }),
    ),
  );

export const redisClusters: Fault[] = [startedAgain, takenOver, hung, otherNumbers];
