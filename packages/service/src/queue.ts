import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { JOB_OPTIONS, MAX_EVENTS_PER_REQUEST, QUEUE_NAME, keysOf, prefixOf, type Job } from "@fio/contracts";

export type EventQueue = Queue<Job>;

/** A key of a partition's queue as BullMQ names it, e.g. `wait`; without a name the prefix of its jobs' keys. */
export const queueKey = (name = "", partition = 0): string => `${prefixOf(partition)}:${QUEUE_NAME}:${name}`;

/** A partition's queue of events, on a connection that the caller owns and closes. */
export function openEventQueue(redis: Redis, partition = 0): EventQueue {
  const queue = new Queue<Job>(QUEUE_NAME, {
    connection: redis,
    prefix: prefixOf(partition),
    defaultJobOptions: JOB_OPTIONS,
    // Both would wait for Redis once, at the start, and remember a failure forever.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  queue.on("error", () => {
    // The connection's own listener logs outages.
  });
  return queue;
}

/**
 * The name of a job: how many events the fleet had accepted before it, and how many it holds. The reading computes the
 * backlog in events from it. Jobs of earlier versions carry no count.
 */
export const jobName = (takenBefore: number | string, count: number | string): string =>
  `events@${takenBefore}+${count}`;

/** The name of a job of events that were accepted before, and are tried again. */
export const replayName = (count: number): string => `replay+${count}`;

/**
 * The name of a job that was accepted while an old backlog waited, and goes ahead of it. It has no place among what was
 * accepted before and after it, and its events are not counted there.
 */
export const freshName = (count: number | string): string => `fresh+${count}`;

export const isFresh = (name: string): boolean => name.startsWith("fresh+");

/** At most so many fresh jobs are ahead of the backlog: a reading of the queue must see beyond them. */
export const MOST_AHEAD = 64;

export const QUEUE_STATES = ["waiting", "active", "delayed"] as const;
export type QueueState = (typeof QUEUE_STATES)[number];

/** What is accepted and not applied, at one instant of Redis. */
export type QueueReading = {
  jobs: Record<QueueState, number>;
  events: Record<QueueState, number>;
  /** Since the oldest of these events was accepted (one of a replay: asked for); `null` when there is none. */
  oldestMs: number | null;
  /** Jobs that the whole fleet has finished so far; rises by one with each. */
  jobsDone: number;
  /** When it was read, in milliseconds since 1970, by Redis' clock, which gives acceptance its times too. */
  clockMs: number;
};

/** How many jobs a reading looks at, at most; the rest is computed from what has been accepted since. */
const LOOKED_AT = { waiting: 256, others: 2_000 };

/*
 * One script, so that all values are of the same instant and by the same clock. Its cost does not depend on the
 * backlog.
 *
 * Workers take from the end of the list of waiting jobs. New jobs enter at its head in the order of acceptance; what
 * stalled or was handed back returns to the end, and what is fresh beside an old backlog enters there, MOST_AHEAD at most,
 * so that the last jobs of the list hold the oldest one. Only what was
 * delayed returns to the head: jobs seen delayed are noted in a sorted set of their own until they are done. Delayed
 * and active jobs are as few as workers can hold.
 */
const READ = `
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local oldest = now

local function look(id)
  local job = redis.call('HMGET', ARGV[1] .. id, 'name', 'timestamp')
  local place, count = string.match(job[1] or '', '^events@(%d+)'), string.match(job[1] or '', '%+(%d+)$')
  local accepted = tonumber(job[2] or '')
  if accepted and accepted < oldest then oldest = accepted end
  return { place = tonumber(place), count = tonumber(count), accepted = accepted }
end

local function total(ids, length)
  local events = math.max(0, length - #ids)
  for _, id in ipairs(ids) do events = events + (look(id).count or 1) end
  return events
end

local waiting, active = redis.call('LLEN', KEYS[1]), redis.call('LLEN', KEYS[2])
local delayed, failed = redis.call('ZCARD', KEYS[3]), redis.call('ZCARD', KEYS[4])
local delayedIds = redis.call('ZRANGE', KEYS[3], 0, ARGV[3] - 1)

local taken = tonumber(redis.call('GET', KEYS[7]) or '0')
local last = redis.call('LRANGE', KEYS[1], -ARGV[2], -1)
local events, rest, reached, uncounted = 0, waiting - #last, nil, false
for _, id in ipairs(last) do
  local job = look(id)
  events = events + (job.count or 1)
  if job.place then
    if not job.count then uncounted = true end
    reached = math.max(reached or 0, job.place + (job.count or 1))
  end
end
if rest > 0 or uncounted then
  -- Beyond what was looked at, and where a job of an earlier version hides its count.
  local from = reached or taken
  if uncounted then
    for _, id in ipairs(last) do
      local place = look(id).place
      if place and place < from then from = place end
    end
    events, rest = 0, waiting
  end
  events = events + math.min(math.max(taken - from, rest), rest * ${MAX_EVENTS_PER_REQUEST})
end

local activeEvents = total(redis.call('LRANGE', KEYS[2], 0, ARGV[3] - 1), active)
local delayedEvents = total(delayedIds, delayed)

-- What cannot be noted (a Redis that is full) is noted by the next reading.
for _, id in ipairs(delayedIds) do redis.pcall('ZADD', KEYS[6], 'NX', look(id).accepted or now, id) end
for _ = 1, 100 do
  local id = redis.call('ZRANGE', KEYS[6], 0, 0)[1]
  if not id then break end
  if redis.call('EXISTS', ARGV[1] .. id) == 1 and not redis.call('ZSCORE', KEYS[4], id) then
    look(id)
    break
  end
  local removed = redis.pcall('ZREM', KEYS[6], id)
  if type(removed) == 'table' then break end
end

local done = tonumber(redis.call('GET', KEYS[5]) or '0') - waiting - active - delayed - failed
local age = waiting + active + delayed > 0 and string.format('%.0f', now - oldest) or ''
local read = string.format('%.0f', now)
return { waiting, active, delayed, events, activeEvents, delayedEvents, age, string.format('%.0f', done), read }
`;

/** Reads the state of a partition's queue without the content of any job. Throws what Redis throws. */
export async function readQueue(redis: Redis, partition = 0): Promise<QueueReading> {
  // `returned`: jobs that came back from a delay and are not done.
  const names = ["wait", "active", "delayed", "failed", "id", "returned"];
  const keys = [...names.map((name) => queueKey(name, partition)), keysOf(partition).taken];
  const looked = [LOOKED_AT.waiting, LOOKED_AT.others];
  const answer = await redis.eval(READ, keys.length, ...keys, queueKey("", partition), ...looked);
  const [waiting, active, delayed, waitingEvents, activeEvents, delayedEvents, age, done, clock] = answer as [
    number,
    number,
    number,
    number,
    number,
    number,
    string,
    string,
    string,
  ];
  return {
    jobs: { waiting, active, delayed },
    events: { waiting: waitingEvents, active: activeEvents, delayed: delayedEvents },
    oldestMs: age === "" ? null : Number(age),
    jobsDone: Number(done),
    clockMs: Number(clock),
  };
}

/** Jobs that could be neither applied nor kept, and stay whole. Throws what Redis throws. */
export const countFailedJobs = (redis: Redis, partition: number): Promise<number> =>
  redis.zcard(queueKey("failed", partition));

/** Of all states together. */
export const unapplied = ({ waiting, active, delayed }: Record<QueueState, number>): number =>
  waiting + active + delayed;
