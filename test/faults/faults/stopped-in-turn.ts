import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import type { Fault } from "../fault.ts";
import { holdStoreWithJobsInHand } from "../jobs-in-hand.ts";
import { askRedis, mostStalls, unfinished } from "../rig/redis.ts";
import type { Rig } from "../rig/rig.ts";

/** From so many on a job is looked at for what it might have done to its workers. */
const STALLS = 3;

/**
 * A store that is slow for several lock durations, and workers that are not heard of in turn: the same jobs are handed
 * on again and again, as often as those of a killer. But nobody died, so none may be taken for one.
 */
const slowNotDeadly: Fault = {
  name: "a lock held in Postgres, workers stopped in turn",
  on: ["postgres"],
  limitMs: 10_000,
  strike: async (rig) => {
    const { url } = rig.system.redis;
    const quarantined = await quarantinedJobs(rig);
    const startedAt = performance.now();
    const { inHand, release } = await holdStoreWithJobsInHand(rig);
    // No more jobs meanwhile: a worker whose hands are full would not take those that are handed on.
    for (const ingest of rig.system.ingests) ingest.pause();
    try {
      for (let round = 1; round <= STALLS; round += 1) {
        const victim = rig.workers[round % rig.workers.length];
        demand(victim !== undefined, "there is no worker");
        victim.pause();
        await until(() => askRedis(url, (redis) => mostStalls(redis, inHand)).then((most) => most >= round), {
          what: `a job is handed on for the ${round}. time`,
        });
        victim.resume();
      }
    } finally {
      for (const process of rig.system.processes) process.resume();
      await release();
    }
    return {
      proof: `a job was handed on ${STALLS} times within ${Math.round((performance.now() - startedAt) / 1_000)} s, and no worker died`,
      returnedAt: performance.now(),
      also: async () => {
        demand((await quarantinedJobs(rig)) === quarantined, "a job was taken for a killer");
        return (await askRedis(url, (redis) => unfinished(redis, inHand))) === 0;
      },
    };
  },
};

/** How many jobs the workers that run have taken for killers. */
async function quarantinedJobs({ workers }: Rig): Promise<number> {
  const counts = await Promise.all(
    workers.map(async ({ url }) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const count = /^fio_worker_quarantined_jobs_total (\d+)/m.exec(text)?.[1];
      demand(count !== undefined, "no worker counts its quarantined jobs");
      return Number(count);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

export const stoppedInTurn: Fault[] = [slowNotDeadly];
