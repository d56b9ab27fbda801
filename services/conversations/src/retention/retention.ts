import { setTimeout as sleep } from "node:timers/promises";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Log } from "@fio/service/log";
import type { Partitions } from "@fio/service/partitions";
import type { Store } from "../store/connect.ts";
import { isTransient } from "../store/faults.ts";
import { endLease, leaseEnd, renewLease, takeLease } from "../store/leases.ts";
import type { Announcement } from "../store/outbox.ts";
import { createAgreedClock } from "./agreed-clock.ts";
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
/** So much later than it was due, a round waits for as long once more: the clock may have gone ahead. */
const AHEAD_MS = 86_400_000;

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
  const clock = createAgreedClock({ redis: partitions.at(0), now, log });
  /** Since when the round is this worker's. */
  const held: { since: number | null } = { since: null };

  const round = async (): Promise<void> => {
    const at = await clock();
    if (at === null) return;
    const last = await leaseEnd(store, NAME);
    const latest = at + 2 * AHEAD_MS;
    if (!(await takeLease(store, { ...lease, now: at, forMs: timing.leaseMs, latest }))) return;
    held.since = at;
    if (last !== null && at - last > AHEAD_MS) {
      // Nobody had it meanwhile, or the clock is wrong: what goes by a wrong clock does not come back.
      await endLease(store, { ...lease, notBefore: at + AHEAD_MS });
      const facts = { last: new Date(last).toISOString(), now: new Date(at).toISOString() };
      log.warn(
        facts,
        "the last round of the retention was long ago by the clock: it waits for a day, check the clock",
      );
      return;
    }
    const began = performance.now();
    const since = (): number => at + (performance.now() - began);
    let renewedAt = began;
    const rest = async (tookMs: number): Promise<void> => {
      await pause(Math.max(timing.pauseMs, tookMs * PAUSES));
      signal.throwIfAborted();
      if (performance.now() - renewedAt < timing.leaseMs / 4) return;
      renewedAt = performance.now();
      if (!(await renewLease(store, { ...lease, now: Math.floor(since()), forMs: timing.leaseMs })))
        throw new Error("another worker has taken the round over");
    };
    const used = await partitions.look();
    const retired = await retire({
      store,
      partitions: Array.from({ length: used }, (_, one) => partitions.at(one)),
      before: receiptBefore(at, days),
      onRetired: (kind) => metrics.erased.inc({ kind }),
      ...{ announce, rest, now, signal },
    });
    await endLease(store, { ...lease, notBefore: Math.floor(since()) + timing.everyMs });
    metrics.lastRound.set(now() / 1_000);
    log.info(
      { days, ...retired, ms: Math.round(performance.now() - began) },
      "erased what is older than it may be",
    );
  };

  while (!signal.aborted) {
    try {
      held.since = null;
      await round();
    } catch (error) {
      // Its own lease is given back: whoever asks next goes on.
      const level = isTransient(error) || isStopped(error) ? "debug" : "warn";
      log[level]({ err: error }, "a round of the retention goes on later");
      if (held.since !== null) await endLease(store, { ...lease, notBefore: held.since }).catch(() => {});
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
