import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { JOB_OPTIONS, QUEUE_NAME, REDIS_PREFIX, type Job } from "@fio/contracts";

export type EventQueue = Queue<Job>;

/** The queue of events, on a connection that the caller owns and closes. */
export function openEventQueue(redis: Redis): EventQueue {
  const queue = new Queue<Job>(QUEUE_NAME, {
    connection: redis,
    prefix: REDIS_PREFIX,
    defaultJobOptions: JOB_OPTIONS,
    // Both would wait for Redis once, at the start, and remember for ever that it failed then.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  queue.on("error", () => {
    // The connection's own listener tells about outages.
  });
  return queue;
}
