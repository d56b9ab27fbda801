import { setTimeout as sleep } from "node:timers/promises";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Log } from "@fio/service/log";
import type { Partitions } from "@fio/service/partitions";
import type { Store } from "../store/connect.ts";
import { isTransient } from "../store/faults.ts";
import { endLease, renewLease, takeLease } from "../store/leases.ts";
import type { Announcement } from "../store/outbox.ts";
import { receiptBefore, retire } from "./retire.ts";

/** Milliseconds. */
export type RetentionTiming = {
  /** How often a worker asks whether a round is due. */
  askMs: number;
  /** From the end of a round to the next one, whoever does it. */
  everyMs: number;
  /** How long a round stands still before another worker takes over. */
  leaseMs: number;
  /** The least pause after a transaction. */
  pauseMs: number;
};

const TIMING: RetentionTiming = { askMs: 60_000, everyMs: 3_600_000, leaseMs: 60_000, pauseMs: 5 };
/** So many times what a transaction took is the pause after it: a quarter of one connection's time at most. */
const PAUSES = 3;
const NAME = "retention";

/**
 * Erases what is older than `days`, in rounds of one worker at a time, until `signal` says to stop; resolves once the
 * transaction in hand is done. Never throws: a fault is logged, and the round goes on with the next asking.
 */
export async function runRetention({
  store,
  partitions,
  days,
  holder,
  announce,
  registry,
  log,
  now,
  signal,
  timing = TIMING,
}: {
  store: Store;
  partitions: Partitions;
  days: number;
  /** Which worker it is. */
  holder: string;
  announce: (announcement: Announcement) => Promise<unknown>;
  registry: Registry;
  log: Log;
  now: () => number;
  signal: AbortSignal;
  timing?: RetentionTiming;
}): Promise<void> {
  const metrics = createRetentionMetrics(registry);
  const pause = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal }).catch(() => {});
  const lease = { name: NAME, holder };

  const round = async (): Promise<void> => {
    if (!(await takeLease(store, { ...lease, now: now(), forMs: timing.leaseMs }))) return;
    const began = performance.now();
    let renewedAt = began;
    const rest = async (tookMs: number): Promise<void> => {
      await pause(Math.max(timing.pauseMs, tookMs * PAUSES));
      signal.throwIfAborted();
      if (performance.now() - renewedAt < timing.leaseMs / 4) return;
      renewedAt = performance.now();
      if (!(await renewLease(store, { ...lease, now: now(), forMs: timing.leaseMs })))
        throw new Error("another worker has taken the round over");
    };
    const used = await partitions.look();
    const retired = await retire({
      store,
      partitions: Array.from({ length: used }, (_, one) => partitions.at(one)),
      before: receiptBefore(now(), days),
      onRetired: (kind) => metrics.erased.inc({ kind }),
      ...{ announce, rest, now, signal },
    });
    await endLease(store, { ...lease, notBefore: now() + timing.everyMs });
    metrics.lastRound.set(now() / 1_000);
    log.info(
      { days, ...retired, ms: Math.round(performance.now() - began) },
      "erased what is older than it may be",
    );
  };

  while (!signal.aborted) {
    try {
      await round();
    } catch (error) {
      // Its own lease is given back: whoever asks next goes on.
      const level = isTransient(error) || isStopped(error) ? "debug" : "warn";
      log[level]({ err: error }, "a round of the retention goes on later");
      await endLease(store, { ...lease, notBefore: 0 }).catch(() => {});
    }
    await pause(timing.askMs);
  }
}

const isStopped = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

function createRetentionMetrics(registry: Registry) {
  const registers = [registry];
  return {
    erased: new Counter({
      name: "fio_retention_erased_total",
      help: "What was erased for its age: closed conversations, events that waited for one that never came, and failed updates of customers, by kind.",
      labelNames: ["kind"],
      registers,
    }),
    lastRound: new Gauge({
      name: "fio_retention_last_round_timestamp_seconds",
      help: "When this worker last came to the end of a round; 0: it has not, others may have.",
      aggregator: "max",
      registers,
    }),
  };
}
