import type { Receipt, PostedEvent } from "@fio/contracts";
import { eventNames } from "@fio/service/event-names";
import type { Log } from "@fio/service/log";
import type { Summary } from "@fio/service/summary";
import { traceIds, type TraceContext } from "@fio/service/tracing/trace-context";
import type { Flush } from "./batch.ts";
import { AnotherLayout, type Enqueue, type Outgoing } from "./enqueue.ts";
import type { Metrics } from "./metrics.ts";
import type { Watch } from "./watch.ts";
import { queueUnavailable } from "./unavailable.ts";

/** One request's events; `watch` when it waits for their outcomes. `bytes` as they were posted. */
export type Entry = {
  events: readonly PostedEvent[];
  bytes: number;
  watch: Watch | null;
  trace: TraceContext | null;
};

/** A flush is one job. Rejects with a 503 when Redis did not confirm it, or as {@link Enqueue} with {@link AnotherLayout}. */
export function createFlush({
  enqueue,
  instance,
  log,
  metrics,
  summary,
  now,
}: {
  enqueue: Enqueue;
  instance: string;
  log: Log;
  metrics: Metrics;
  summary: Summary;
  now: () => number;
}): Flush<Entry, readonly Receipt[]> {
  return async (entries) => {
    const started = now();
    const events = entries.flatMap((entry) => outgoing(entry, instance));
    const facts = { events: events.length, requests: entries.length };
    try {
      const receipts = await enqueue(events);
      const ms = now() - started;
      metrics.flushEvents.observe(events.length);
      metrics.flushSeconds.observe(ms / 1000);
      metrics.accepted.inc(events.length);
      summary.add("flushes");
      summary.add("events", events.length);
      summary.highest("slowestMs", ms);
      if (log.isLevelEnabled("debug")) {
        const names = { ...eventNames(events, receipts), ...traceIds(events) };
        log.debug({ ...facts, bytes: bytesOf(entries), ms, ...names }, "flushed");
      }
      return giveOut(entries, receipts);
    } catch (error) {
      if (error instanceof AnotherLayout) throw error;
      metrics.flushesFailed.inc();
      summary.add("flushesFailed");
      log.warn({ ...facts, ms: now() - started, ...traceIds(events), err: error }, "flush failed");
      throw queueUnavailable("the queue did not take the events; they are not known to be accepted");
    }
  };
}

function outgoing({ events, watch, trace }: Entry, instance: string): Outgoing[] {
  const along = { ...(watch === null ? {} : { reply: instance }), ...(trace === null ? {} : { trace }) };
  return events.map((event) => ({ event, ...along }));
}

/** To each entry the receipts of its own events. */
function giveOut(entries: readonly Entry[], receipts: readonly Receipt[]): Receipt[][] {
  let next = 0;
  return entries.map(({ events }) => {
    const own = receipts.slice(next, next + events.length);
    next += events.length;
    return own;
  });
}

const bytesOf = (entries: readonly Entry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);
