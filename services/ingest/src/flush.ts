import type { Redis } from "ioredis";
import type { JobEvent, Receipt, WebhookEvent } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { jobName, type EventQueue } from "@fio/service/queue";
import { takeReceipts } from "@fio/service/receipts";
import type { Flush } from "./batch.ts";
import type { Metrics } from "./metrics.ts";
import type { Watch } from "./watch.ts";
import { queueUnavailable } from "./unavailable.ts";

/** One request's events; `watch` when it waits for their outcomes. `bytes` as they were posted. */
export type Entry = { events: readonly WebhookEvent[]; bytes: number; watch: Watch | null };

/**
 * A flush is one job: receipts for all its events, then the events under them. Rejects with a 503 when Redis did not
 * say that it has them.
 */
export function createFlush({
  redis,
  queue,
  instance,
  log,
  metrics,
  now,
}: {
  redis: Redis;
  queue: EventQueue;
  instance: string;
  log: Log;
  metrics: Metrics;
  now: () => number;
}): Flush<Entry, readonly Receipt[]> {
  let highest: Receipt | null = null;
  return async (entries, signal) => {
    const started = now();
    const count = entries.reduce((sum, { events }) => sum + events.length, 0);
    const facts = { events: count, requests: entries.length };
    try {
      const { receipts, takenBefore } = await takeReceipts(redis, count, highest);
      const last = receipts.at(-1) ?? null;
      if (highest === null || (last !== null && last > highest)) highest = last;
      signal.throwIfAborted();
      const { jobEvents, given } = underReceipts(entries, receipts, instance);
      await queue.add(jobName(takenBefore, count), { v: 1, events: jobEvents });
      const ms = now() - started;
      metrics.flushEvents.observe(count);
      metrics.flushSeconds.observe(ms / 1000);
      metrics.accepted.inc(count);
      log.info({ ...facts, bytes: bytesOf(entries), receipt: receipts[0], ms }, "flushed");
      return given;
    } catch (error) {
      metrics.flushesFailed.inc();
      log.warn({ ...facts, ms: now() - started, err: error }, "flush failed");
      throw queueUnavailable("the queue did not take the events; they are not known to be accepted");
    }
  };
}

/** Gives the receipts out. A watch begins before the job is queued: a worker may be done before we hear of it. */
function underReceipts(
  entries: readonly Entry[],
  receipts: readonly Receipt[],
  instance: string,
): { jobEvents: JobEvent[]; given: Receipt[][] } {
  const jobEvents: JobEvent[] = [];
  let next = 0;
  const given = entries.map(({ events, watch }) => {
    const own = receipts.slice(next, next + events.length);
    next += events.length;
    watch?.begin(own);
    for (const [index, event] of events.entries()) {
      const receipt = own[index] as Receipt;
      jobEvents.push(watch === null ? { receipt, event } : { receipt, event, reply: instance });
    }
    return own;
  });
  return { jobEvents, given };
}

const bytesOf = (entries: readonly Entry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);
