import { until } from "../support/until.ts";
import { askRedis, jobsInHand } from "./rig/redis.ts";
import type { Rig } from "./rig/rig.ts";

/** Holds the store until every worker has jobs in hand, so that each is in the middle of a transaction. */
export async function holdStoreWithJobsInHand(
  rig: Rig,
): Promise<{ inHand: string[]; release: () => Promise<void> }> {
  const release = await rig.store.hold();
  const inHand = await until(
    async () => {
      const byWorker = await askRedis(rig.system.redis.url, jobsInHand);
      return byWorker.length === rig.workers.length ? byWorker.flat() : null;
    },
    { what: "every worker has jobs in hand" },
  ).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  return { inHand, release };
}
