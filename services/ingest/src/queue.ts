import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import {
  JOB_OPTIONS,
  MAX_EVENTS_PER_REQUEST,
  QUEUE_NAME,
  REDIS_PREFIX,
  TAKEN_KEY,
  type Job,
} from "@fio/contracts";

/** How much waits for the workers. `oldest` is when the oldest waiting job was queued, in milliseconds since 1970. */
export type Depth = {
  jobs: number;
  events: number;
  oldest: number | null;
  /** The share of `maxmemory` in use; `null` when Redis has no limit. */
  memory: number | null;
};

export type EventQueue = {
  /** Resolves when Redis has the job; `takenBefore` is its first event's place among all that were accepted. */
  enqueue: (job: Job, takenBefore: number) => Promise<void>;
  depth: () => Promise<Depth>;
  close: () => Promise<void>;
};

/*
 * A job's name carries its place among all accepted events, so the oldest waiting one tells the backlog in events:
 * one look at the list's end, exact whatever died on the way, and no counter that workers would have to keep right.
 * Jobs that others queued (a replay) have no place and are passed over.
 */
const NAME = "events@";
const DEPTH = `
local jobs = redis.call('LLEN', KEYS[1])
local place, oldest = '', ''
for index = 1, math.min(jobs, 10) do
  local id = redis.call('LINDEX', KEYS[1], -index)
  local job = redis.call('HMGET', ARGV[1] .. id, 'name', 'timestamp')
  if oldest == '' and job[2] then oldest = job[2] end
  if job[1] then place = string.match(job[1], '^${NAME}(%d+)$') or '' end
  if place ~= '' then break end
end
return { jobs, place, oldest, redis.call('GET', KEYS[2]) or '0' }
`;

/** The BullMQ queue on a connection that the caller owns and closes. */
export function openQueue({ redis }: { redis: Redis }): EventQueue {
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
  return {
    enqueue: async (job, takenBefore) => {
      await queue.add(`${NAME}${takenBefore}`, job);
    },
    depth: async () => {
      const [waiting, info] = await Promise.all([
        redis.eval(DEPTH, 2, queue.toKey("wait"), TAKEN_KEY, queue.toKey("")),
        redis.info("memory"),
      ]);
      return { ...depthOf(waiting as [number, string, string, string]), memory: memoryShare(info) };
    },
    close: () => queue.close(),
  };
}

function depthOf([jobs, place, oldest, taken]: [number, string, string, string]): Omit<Depth, "memory"> {
  const since = place === "" ? jobs : Number(taken) - Number(place);
  return {
    jobs,
    // A job that came back to the end of the list has an old place; no job holds more than a request may.
    events: Math.min(Math.max(since, jobs), jobs * MAX_EVENTS_PER_REQUEST),
    oldest: oldest === "" ? null : Number(oldest),
  };
}

/** As Redis itself counts against `maxmemory`: without the buffers of replicas and of the append-only file. */
function memoryShare(info: string): number | null {
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  const limit = field("maxmemory");
  return limit === 0 ? null : (field("used_memory") - field("mem_not_counted_for_evict")) / limit;
}
