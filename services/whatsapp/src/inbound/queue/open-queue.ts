import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { REDIS_PREFIX } from "@fio/contracts";
import { INBOX_QUEUE } from "../../keys.ts";
import type { Item } from "../reading/split.ts";

/** A job only says who has something waiting; `later`: what is to wait for them from now on. */
export type InboxJob = { person: string; later?: Item };
export type InboxQueue = Queue<InboxJob>;

/**
 * On a connection that the caller owns and closes. A person has at most one job that waits and one that is worked on:
 * what comes while one is worked on makes it run once more.
 */
export function openInboxQueue(redis: Redis): InboxQueue {
  const queue: InboxQueue = new Queue(INBOX_QUEUE, {
    connection: redis,
    prefix: REDIS_PREFIX,
    streams: { events: { maxLen: 100 } },
    // Both would wait for Redis once, at the start, and remember a failure forever.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  queue.on("error", () => {
    // The connection's own listener logs outages.
  });
  return queue;
}

export const jobOptions = (person: string) => ({
  // Nothing that was answered with 200 is given up.
  attempts: 1_000_000,
  backoff: { type: "custom" },
  removeOnComplete: true,
  removeOnFail: false,
  deduplication: { id: person, keepLastIfActive: true },
});
