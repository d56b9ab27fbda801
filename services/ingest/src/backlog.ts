import { setTimeout as sleep } from "node:timers/promises";
import { problemOf, type Problem } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { unapplied } from "@fio/service/queue";
import type { Backlog as Reading } from "@fio/service/queue-metrics";
import { createTakenUpTo } from "@fio/service/taken-up-to";
import { RETRY_BACKLOG, RETRY_QUEUE } from "./unavailable.ts";

/** Ingest refuses from here on, so that Redis has room for workers to drain the queue. */
const MEMORY_LIMIT = 0.8;
const INTERVAL_MS = 500;

/** Why no events are accepted right now; `retryAfter` in seconds. */
export type Refusal = { problem: Problem; retryAfter: number };

export type Backlog = {
  /** `null` while events are accepted. Costs nothing: the queue is read in the background. */
  refusal: () => Refusal | null;
  /** All that was accepted before this time has been applied, as far as the last reading tells. */
  takenUpTo: () => number;
  /** Reads the queue at once, e.g. after a reconnect. */
  look: () => void;
  stop: () => Promise<void>;
};

/**
 * Reads the queue twice a second. Until Redis has answered once, and after a read that failed, requests
 * are refused at once instead of each waiting for its own time-out.
 */
export function watchBacklog({
  read,
  maxEvents,
  log,
}: {
  read: () => Promise<Reading>;
  maxEvents: number;
  log: Log;
}): Backlog {
  let refusal: Refusal | null = unavailable("not connected to the queue yet");
  let known = false;
  const taken = createTakenUpTo(Date.now);
  const stopping = new AbortController();
  let woken = new AbortController();

  const decide = (next: Refusal | null): void => {
    if (known && next?.problem.code === refusal?.problem.code) return;
    if (next !== null) {
      log.warn({ code: next.problem.code, detail: next.problem.detail }, "refusing events");
    } else log.info("accepting events again");
    refusal = next;
    known = true;
  };

  const lookOnce = async (): Promise<void> => {
    try {
      const reading = await read();
      taken.note(reading.queue);
      decide(refusalOf(reading, maxEvents));
    } catch (error) {
      log.debug({ err: error }, "the queue does not answer");
      decide(unavailable("the queue is not available"));
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
    refusal: () => refusal,
    takenUpTo: taken.at,
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

function refusalOf({ queue, memory }: Reading, maxEvents: number): Refusal | null {
  const full = (detail: string): Refusal => ({
    problem: problemOf("BACKLOG_FULL", { detail }),
    retryAfter: RETRY_BACKLOG,
  });
  const events = unapplied(queue.events);
  if (events >= maxEvents)
    return full(`${events} accepted events are not applied yet; the limit is ${maxEvents}`);
  if (memory !== null && memory >= MEMORY_LIMIT) return full("Redis is nearly out of memory");
  return null;
}
