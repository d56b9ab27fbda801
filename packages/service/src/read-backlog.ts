import type { Redis } from "ioredis";
import { readQueue, type QueueReading } from "./queue.ts";
import { memoryShare } from "./redis-memory.ts";

/** What a process reports of the queue and of Redis, read at one time; `memory` as a share of `maxmemory`. */
export type Backlog = { queue: QueueReading; memory: number | null };

/** Of one partition. Throws what Redis throws. */
export async function readBacklog(redis: Redis, partition = 0): Promise<Backlog> {
  const [queue, memory] = await Promise.all([readQueue(redis, partition), memoryShare(redis)]);
  return { queue, memory };
}
