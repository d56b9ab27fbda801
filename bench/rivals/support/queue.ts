import { Queue, UnrecoverableError, Worker } from "bullmq";
import type { Servers } from "../rival.ts";
import type { RivalEvent } from "./events.ts";
import { openRivalStore } from "./open-store.ts";

export const RIVAL_QUEUE = "webhooks";

/** As BullMQ's guide to retries has it: an event that comes before its conversation's creation is tried again. */
export const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: "exponential", delay: 1_000 },
  removeOnComplete: { count: 1_000 },
};

/** What BullMQ's guide to concurrency takes for work that waits for a database. */
const CONCURRENCY = 50;

export function rivalQueue(redisUrl: string): Queue<RivalEvent> {
  return new Queue<RivalEvent>(RIVAL_QUEUE, { connection: { url: redisUrl } });
}

/** One job, one transaction. */
export async function workOff({ redisUrl, databaseUrl }: Servers): Promise<void> {
  const store = await openRivalStore(databaseUrl);
  const worker = new Worker<RivalEvent>(
    RIVAL_QUEUE,
    async ({ data }) => {
      const refused = await store.apply([data]);
      if (refused === "CONVERSATION_NOT_FOUND") throw new Error(refused);
      if (refused !== null) throw new UnrecoverableError(refused);
    },
    { connection: { url: redisUrl, maxRetriesPerRequest: null }, concurrency: CONCURRENCY },
  );
  worker.on("error", (error) => console.error(error));
  await worker.waitUntilReady();
}
