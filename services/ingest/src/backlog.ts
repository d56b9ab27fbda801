import { setTimeout as sleep } from "node:timers/promises";
import { problemOf, type Problem } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { unapplied } from "@fio/service/queue";
import { REFUSED_SHARE } from "@fio/service/redis-memory";
import type { Readings } from "@fio/service/partitions";
import type { Backlog as Reading } from "@fio/service/read-backlog";
import { createTakenUpToInAll } from "@fio/service/taken-up-to";
import { RETRY_BACKLOG, RETRY_QUEUE } from "./unavailable.ts";

const INTERVAL_MS = 500;

/** Why no events are accepted right now; `retryAfter` in seconds. */
export type Refusal = { problem: Problem; retryAfter: number };

export type Backlog = {
  /** Of one partition; `null` while it accepts events. Costs nothing: the queues are read in the background. */
  refusal: (partition: number) => Refusal | null;
  /** All that was accepted before this time has been applied, as far as the last reading tells. */
  takenUpTo: () => number;
  /** Reads the queues at once, e.g. after a reconnect. */
  look: () => void;
  stop: () => Promise<void>;
};

/**
 * Reads the queues twice a second. Until a Redis has answered once, and after a read that failed, requests
 * are refused at once instead of each waiting for its own time-out.
 */
export function watchBacklog({
  read,
  maxEvents,
  log,
}: {
  read: () => Promise<Readings>;
  /** Of all partitions together. */
  maxEvents: number;
  log: Log;
}): Backlog {
  /** Of each partition that has been read. */
  const refusals: Array<Refusal | null> = [];
  const taken = createTakenUpToInAll(Date.now);
  const stopping = new AbortController();
  let woken = new AbortController();

  const decide = (partition: number, next: Refusal | null): void => {
    const known = refusals[partition];
    refusals[partition] = next;
    if (known !== undefined && next?.problem.code === known?.problem.code) return;
    const where = refusals.length === 1 ? {} : { partition };
    if (next !== null) {
      log.warn({ code: next.problem.code, detail: next.problem.detail, ...where }, "refusing events");
    } else log.info(where, "accepting events again");
  };

  const lookOnce = async (): Promise<void> => {
    const readings = await read();
    const events = readings.reduce(
      (sum, reading) => sum + (reading.status === "fulfilled" ? unapplied(reading.value.queue.events) : 0),
      0,
    );
    for (const [partition, reading] of readings.entries()) {
      if (reading.status === "fulfilled") {
        taken.of(partition).note(reading.value.queue);
        decide(partition, refusalOf(reading.value, { events, maxEvents }));
      } else {
        log.debug({ err: reading.reason as unknown }, "the queue does not answer");
        decide(partition, unavailable("the queue is not available"));
      }
    }
  };

  const pause = (): Promise<void> =>
    sleep(INTERVAL_MS, undefined, { signal: woken.signal }).catch(() => {
      woken = new AbortController();
    });
  const run = async (): Promise<void> => {
    for (;;) {
      // First, since the connection is still being made when a process starts; "ready" ends it early.
      await pause();
      if (stopping.signal.aborted) return;
      await lookOnce();
    }
  };
  const running = run();
  return {
    refusal: (partition) => {
      const known = refusals[partition];
      // Of a partition that has just come there is nothing to know yet.
      return known === undefined ? (partition === 0 ? NOT_YET : null) : known;
    },
    takenUpTo: () => taken.at(Math.max(1, refusals.length)),
    look: () => woken.abort(),
    stop: () => {
      stopping.abort();
      woken.abort();
      return running;
    },
  };
}

/** For as long as nothing can be queued. */
export const unavailable = (detail: string): Refusal => ({
  problem: problemOf("QUEUE_UNAVAILABLE", { detail }),
  retryAfter: RETRY_QUEUE,
});

const NOT_YET = unavailable("not connected to the queue yet");

/** `events`: how many wait in all partitions. */
function refusalOf(
  { memory }: Reading,
  { events, maxEvents }: { events: number; maxEvents: number },
): Refusal | null {
  const full = (detail: string): Refusal => ({
    problem: problemOf("BACKLOG_FULL", { detail }),
    retryAfter: RETRY_BACKLOG,
  });
  if (events >= maxEvents)
    return full(`${events} accepted events are not applied yet; the limit is ${maxEvents}`);
  if (memory !== null && memory >= REFUSED_SHARE) return full("Redis is nearly out of memory");
  return null;
}
