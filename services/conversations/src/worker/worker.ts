import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { UnrecoverableError, WaitingError, Worker as BullWorker, type Job as BullJob } from "bullmq";
import type { Registry } from "prom-client";
import { PULSE_KEY, QUEUE_NAME, REDIS_PREFIX, type Job, type Receipt } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { isFresh, readQueue } from "@fio/service/queue";
import { exportQueue } from "@fio/service/queue-metrics";
import { raiseReceiptFloor, takeReceipts } from "@fio/service/receipts";
import { connectRedis, impatient, patient } from "@fio/service/redis";
import { warnAboutRedis } from "@fio/service/redis-settings";
import { repeat } from "@fio/service/repeat";
import { createProbe } from "@fio/service/probe";
import { createSummary } from "@fio/service/summary";
import { createTakenUpTo } from "@fio/service/taken-up-to";
import { applyBatch } from "../store/apply.ts";
import { BACKFILLS, runBackfills } from "../store/backfills/index.ts";
import { buildReceiptIndexes } from "../store/build-receipt-indexes.ts";
import type { Store } from "../store/connect.ts";
import { highestReceipt } from "../store/receipts.ts";
import { untilDone } from "../store/retry.ts";
import { writeProbe } from "../store/write-probe.ts";
import { createAnnouncer } from "./announcer.ts";
import { createApplier, type Apply } from "./applier.ts";
import { measureBackfills } from "./backfill-metrics.ts";
import { createGroup } from "./group.ts";
import { createIntake } from "./intake.ts";
import { createMetrics } from "./metrics.ts";
import { createProcessor, type Processed } from "./processor.ts";
import { connectionNameOf, createPresence } from "./presence.ts";
import { createKillCounter } from "./stalled-job.ts";
import { createSettler } from "./settler.ts";
import { watchProgress } from "./progress.ts";
import { createWriteHealth } from "./write-health.ts";

/** Milliseconds; a killed worker's jobs go on after about `lockMs`. */
export type Timing = { lockMs: number; stalledMs: number; drainMs: number; sweepMs: number };

const TIMING: Timing = { lockMs: 6_000, stalledMs: 3_000, drainMs: 8_000, sweepMs: 1_000 };

/** Jobs in hand at the same time: enough of small ones to share a transaction, few enough to be done soon by others. */
const CONCURRENCY = 64;
/** With so many events in hand no further job is taken: they take memory, and what goes ahead would find no room. */
const MOST_EVENTS_IN_HAND = 4_000;
/** BullMQ fetches all that it may before it hands over the first of them, whose events are not known before. */
const FETCHED_AT_ONCE = 8;

export type Worker = {
  /** `null` when it gets on, else why not, in one line. */
  ready: () => Promise<string | null>;
  /** Takes no more jobs until `goOn`; those in hand are finished. */
  hold: () => void;
  goOn: () => void;
  /** Takes no more jobs, finishes those in hand or gives them back, and is done within 8 s whatever hangs. */
  close: () => Promise<void>;
};

/**
 * Takes jobs from the queue and applies them to the store, from now on; Redis and the store may be away for as long
 * as they like. `apply` and `timing` are for tests.
 */
export function startWorker({
  store,
  redisUrl,
  registry,
  graceSeconds,
  log,
  now = Date.now,
  apply = applyBatch,
  timing = TIMING,
}: {
  store: Store;
  redisUrl: string;
  registry: Registry;
  graceSeconds: number;
  log: Log;
  now?: () => number;
  apply?: Apply;
  timing?: Timing;
}): Worker {
  const stopping = new AbortController();
  const ownId = randomUUID().slice(0, 13);
  const name = connectionNameOf(ownId);
  const queueRedis = connectRedis({ url: redisUrl, options: patient, log, name: `${name}-queue` });
  const redis = connectRedis({ url: redisUrl, options: impatient, log, name });
  warnAboutRedis({ redis, log });

  const taken = createTakenUpTo(now, () => 0);
  const read = async () => {
    const reading = await readQueue(redis);
    taken.note(reading);
    return reading;
  };
  const progress = watchProgress({ read, now });
  const health = createWriteHealth({ write: () => writeProbe(store, now()), now });
  const redisFault = createProbe({ work: () => redis.del(PULSE_KEY), fault: "redis takes no writes" });
  const summary = createSummary({ log, message: "applied in the last minute" });
  const metrics = createMetrics(registry);
  exportQueue({ registry, redis });
  const announcer = createAnnouncer({ store, redis, now, log, metrics });
  const applier = createApplier({
    ...{ store, apply, announcer, graceSeconds, takenUpTo: taken.at, now, log, metrics, summary, health },
    onUnsettled: (conversations) => settler.begin(conversations),
    freshReceipt: async () => (await takeReceipts(redis, 1)).receipts[0] as Receipt,
    stopping: stopping.signal,
  });
  const group = createGroup({ commit: applier.commit, stopping: stopping.signal });
  const settler = createSettler({
    ...{ store, group, log, stopping: stopping.signal },
    settleStep: applier.settleStep,
  });
  const presence = createPresence({ redis, ownId, log });
  const process = createProcessor({
    ...{ store, applier, group, presence, ownId, log, metrics },
    stopping: stopping.signal,
  });
  const countKills = createKillCounter({ redis, presence, ownId });

  const inHand = new Map<string, Promise<Processed>>();
  let eventsInHand = 0;
  const count = (events: number): void => {
    eventsInHand += events;
    const more = eventsInHand < MOST_EVENTS_IN_HAND ? FETCHED_AT_ONCE : 0;
    worker.concurrency = Math.min(CONCURRENCY, Math.max(1, inHand.size + more));
  };
  /** A job that comes again while it is still in hand, since its lock was lost: done once for both. */
  const processOnce = (job: BullJob<Job>): Promise<Processed> => {
    const key = worker.toKey(job.id ?? "");
    const known = inHand.get(key);
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
        inHand.delete(key);
        count(-events);
      });
    inHand.set(key, processed);
    count(events);
    return processed;
  };

  /** A store that knows higher receipts than Redis does: the key was lost, and the clock may have been set back. */
  const raiseFloor = async (): Promise<void> => {
    try {
      const highest = await untilDone(() => highestReceipt(store), { signal: stopping.signal });
      await raiseReceiptFloor(redis, highest);
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ err: error }, "receipts keep the floor they had");
    }
  };
  redis.on("ready", () => {
    void raiseFloor();
    void progress.look();
  });

  const worker = new BullWorker<Job>(QUEUE_NAME, (job, token) => inBull(job, token, processOnce), {
    connection: queueRedis,
    prefix: REDIS_PREFIX,
    concurrency: FETCHED_AT_ONCE,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledMs,
    // Whatever stalls is tried again: work is idempotent, and what kills is found out in another way.
    maxStalledCount: 1_000_000_000,
    // Its own would leave a worker idle for 15 s after an outage.
    runRetryDelay: 500,
    removeOnComplete: { count: 0 },
    // In seconds: how long it waits for a job in one command. Less than a connection may be silent.
    drainDelay: 2,
    // It would ask for INFO, which this user may not be allowed, and remember for ever that it failed.
    skipVersionCheck: true,
  });
  const intake = createIntake({ worker, log });
  worker.on("error", intake.onError);
  worker.on("failed", (job, error) => {
    log.error({ job: job?.id, err: error }, "a job failed");
  });

  const sweep = async (): Promise<void> => {
    await announcer.sweep().catch((error: unknown) => {
      log.debug({ err: error }, "the outbox could not be looked through");
    });
    await settler.sweep().catch((error: unknown) => {
      log.debug({ err: error }, "unsettled conversations could not be looked for");
    });
  };
  const sweeping = repeat(sweep, { everyMs: timing.sweepMs, signal: stopping.signal });
  measureBackfills({ registry, store });
  const backfilling = runBackfills({ store, backfills: BACKFILLS, log, now, signal: stopping.signal });
  const indexing = buildReceiptIndexes({ store, log, signal: stopping.signal });

  const finish = async (): Promise<void> => {
    await worker.close();
    await Promise.all([sweeping, backfilling, indexing]);
    await announcer.close();
  };
  return {
    ready: async () => {
      const [queue, writes] = await Promise.all([redisFault(), health.fault()]);
      if (queue !== null || writes !== null) return queue ?? writes;
      return progress.isStuck() ? "there is work, and none was done for ten seconds" : null;
    },
    hold: intake.hold,
    goOn: intake.goOn,
    close: async () => {
      stopping.abort();
      progress.stop();
      const limit = new AbortController();
      await Promise.race([
        finish(),
        sleep(timing.drainMs, undefined, { signal: limit.signal }).then(() => {
          log.warn("jobs in hand are left to the next worker");
        }),
      ]).finally(() => limit.abort());
      summary.stop();
      queueRedis.disconnect();
      redis.disconnect();
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
    case "unreadable":
      // Stays in the failed set, whole: there is no row that could keep it.
      throw new UnrecoverableError(`unreadable: ${processed.detail}`);
    case "given_up":
      throw new UnrecoverableError(processed.detail);
    default:
      return processed satisfies never;
  }
}
