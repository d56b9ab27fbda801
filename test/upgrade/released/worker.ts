import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { prefixOf, QUEUE_NAME, type Job } from "@fio/contracts";
import { openStore } from "../../../services/conversations/src/store/connect.ts";
import { untilDone } from "../../../services/conversations/src/store/retry.ts";
import { applyAsReleased } from "./apply.ts";

export type ReleasedWorker = {
  /** Events that it has applied. */
  applied: () => number;
  /** What it could not be expected to bear: it tried again only what passes. */
  faults: string[];
  close: () => Promise<void>;
};

/**
 * A worker of version 0.1.0 that goes on beside newer ones. It commits and does not announce, as one that is always killed
 * just then: what it leaves in the outbox is for the others.
 */
export function startReleasedWorker({
  databaseUrl,
  redisUrl,
}: {
  databaseUrl: string;
  redisUrl: string;
}): ReleasedWorker {
  const store = openStore(databaseUrl);
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const faults: string[] = [];
  let applied = 0;
  const worker = new Worker<Job>(
    QUEUE_NAME,
    async ({ data }) => {
      await untilDone(() => applyAsReleased(store, data.events as never, Date.now()));
      applied += data.events.length;
    },
    {
      ...{ connection, prefix: prefixOf(0), concurrency: 4, lockDuration: 6_000, stalledInterval: 3_000 },
      ...{ maxStalledCount: 1_000_000_000, removeOnComplete: { count: 0 }, drainDelay: 2 },
    },
  );
  worker.on("error", () => {});
  worker.on("failed", (_, error) => faults.push(error.message));
  return {
    applied: () => applied,
    faults,
    close: async () => {
      await worker.close();
      connection.disconnect();
      await store.close();
    },
  };
}
