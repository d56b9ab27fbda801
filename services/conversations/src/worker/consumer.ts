import { DelayedError, UnrecoverableError, WaitingError, type Job as BullJob } from "bullmq";
import { keysOf, prefixOf, QUEUE_NAME, type Job } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { createProbe } from "@fio/service/probe";
import { isFresh, readQueue, type QueueReading } from "@fio/service/queue";
import { QueueWorker } from "@fio/service/queue-worker";
import type { Redis } from "ioredis";
import { createIntake } from "./intake.ts";
import type { Presence } from "./presence.ts";
import type { Process, Processed } from "./processor.ts";
import { watchProgress } from "./progress.ts";
import { createKillCounter } from "./stalled-job.ts";

/**
 * Jobs in hand at the same time: enough of small ones that a transaction is full while the next one's are already here, few
 * enough to be done soon by others.
 */
const CONCURRENCY = 192;
/** With so many events in hand no further job is taken: they take memory, and what goes ahead would find no room. */
const MOST_EVENTS_IN_HAND = 4_000;
/** BullMQ fetches all that it may before it hands over the first of them, whose events are not known before. */
const FETCHED_AT_ONCE = 8;
/** Jobs that come with the reports of others which are done; how many events they hold is not known before either. */
const MOST_UNSEEN = 32;
const MOST_EVENTS_UNSEEN = 128;

/** How long a job that this worker does not know is out of its sight: meanwhile others may take it, and it others. */
const LEFT_MS = 5_000;

/** The events in the hands of one process, of whatever partition. */
export type InHand = { events: number };

/** Takes the jobs of one partition. */
export type Consumer = {
  /** `null` when it gets on, else why not, in one line. */
  fault: () => Promise<string | null>;
  /** Looks at the queue at once. */
  look: () => Promise<void>;
  hold: () => void;
  goOn: () => void;
  /** Takes no more jobs and resolves once those in hand are done or given back. */
  close: () => Promise<void>;
};

/** `redis` and `queueRedis` are the caller's; `queueRedis` waits for an absent Redis. `noted` is told of each reading. */
export function startConsumer({
  partition,
  redis,
  queueRedis,
  process,
  presence,
  ownId,
  inHand,
  noted,
  timing,
  log,
  now,
}: {
  partition: number;
  redis: Redis;
  queueRedis: Redis;
  process: Process;
  presence: Presence;
  ownId: string;
  inHand: InHand;
  noted: (reading: QueueReading) => void;
  timing: { lockMs: number; stalledMs: number };
  log: Log;
  now: () => number;
}): Consumer {
  const read = async (): Promise<QueueReading> => {
    const reading = await readQueue(redis, partition);
    noted(reading);
    return reading;
  };
  const progress = watchProgress({ read, now });
  const redisFault = createProbe({
    work: () => redis.del(keysOf(partition).pulse),
    fault: "redis takes no writes",
  });
  const countKills = createKillCounter({ redis, presence, ownId });

  const jobs = new Map<string, Promise<Processed>>();
  /** Jobs on their way, taken to be as large as the last one. */
  const unseen = { jobs: 0, eventsEach: 1 };
  const count = (events: number): void => {
    inHand.events += events;
    const more = inHand.events < MOST_EVENTS_IN_HAND ? FETCHED_AT_ONCE : 0;
    worker.concurrency = Math.min(CONCURRENCY, Math.max(1, jobs.size + more));
  };
  /** A job that comes again while it is still in hand, since its lock was lost: done once for both. */
  const processOnce = (job: BullJob<Job>): Promise<Processed> => {
    const key = worker.toKey(job.id ?? "");
    const known = jobs.get(key);
    if (known !== undefined) return known;
    const stalls = job.stalledCounter;
    // What is in it has not been read yet.
    const given = job.data as Partial<Job> | null;
    const events = Array.isArray(given?.events) ? given.events.length : 1;
    const processed = countKills({ key, stalls })
      .then((kills) =>
        process({ data: job.data, ahead: isFresh(job.name), stalls, kills, failures: job.attemptsMade }),
      )
      .finally(() => {
        jobs.delete(key);
        unseen.eventsEach = events;
        count(-events);
      });
    jobs.set(key, processed);
    count(events);
    return processed;
  };

  const worker = new QueueWorker<Job>(QUEUE_NAME, (job, token) => inBull(job, token, processOnce), {
    connection: queueRedis,
    prefix: prefixOf(partition),
    concurrency: FETCHED_AT_ONCE,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledMs,
    removeOnComplete: { count: 0 },
    gate: {
      begin: () => {
        const takes =
          unseen.jobs < MOST_UNSEEN &&
          jobs.size + unseen.jobs < CONCURRENCY &&
          unseen.jobs * unseen.eventsEach < MOST_EVENTS_UNSEEN &&
          inHand.events < MOST_EVENTS_IN_HAND;
        if (takes) unseen.jobs += 1;
        return takes;
      },
      end: () => (unseen.jobs -= 1),
    },
  });
  const intake = createIntake({ worker, log });
  worker.on("error", intake.onError);
  worker.on("failed", (job, error) => {
    log.error({ job: job?.id, err: error }, "a job failed");
  });

  return {
    fault: async () => {
      const fault = await redisFault();
      if (fault !== null) return fault;
      return progress.isStuck() ? "there is work, and none was done for ten seconds" : null;
    },
    look: progress.look,
    hold: intake.hold,
    goOn: intake.goOn,
    close: async () => {
      progress.stop();
      await worker.close();
    },
  };
}

/** What became of a job, in BullMQ's words. */
async function inBull(
  job: BullJob<Job>,
  token: string | undefined,
  process: (job: BullJob<Job>) => Promise<Processed>,
): Promise<void> {
  const processed = await process(job);
  switch (processed.kind) {
    case "done":
      return;
    case "handed_back":
      // To the head of the queue at once, with no attempt on its account.
      await job.moveToWait(token);
      throw new WaitingError();
    case "left":
      await job.moveToDelayed(Date.now() + LEFT_MS, token);
      throw new DelayedError();
    case "unreadable":
      // Stays in the failed set, whole: there is no row that could keep it.
      throw new UnrecoverableError(`unreadable: ${processed.detail}`);
    case "given_up":
      throw new UnrecoverableError(processed.detail);
    default:
      return processed satisfies never;
  }
}
