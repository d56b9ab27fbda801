import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@fio/service/log";
import type { Store } from "../connect.ts";
import { isTransient } from "../faults.ts";
import type { Backfill, BackfillTiming } from "./backfill.ts";
import { createStepper, type Stepper } from "./step.ts";

const TIMING: BackfillTiming = { againMs: 3_600_000, watchMs: 5_000, restMs: 10_000 };

/**
 * Works through the backfills one after the other until all are finished or `signal` says to stop, and resolves once
 * the step in hand is committed or undone. Never throws: a fault is logged, and the step is tried again.
 *
 * Any number of workers may run this; one of them works on a backfill at a time. The others see its position move and
 * keep away; one that finds it unmoved goes on from there. That needs no lease and no common clock.
 */
export async function runBackfills({
  store,
  backfills,
  log,
  signal,
  now = Date.now,
  timing = TIMING,
}: {
  store: Store;
  backfills: readonly Backfill[];
  log: Log;
  signal: AbortSignal;
  now?: () => number;
  timing?: BackfillTiming;
}): Promise<void> {
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {});
  type Work = { stepper: Stepper; dueAt: number };
  let unfinished: Work[] = backfills.map((backfill) => ({
    stepper: createStepper({ store, backfill, log, now, timing }),
    dueAt: 0,
  }));
  while (unfinished.length > 0 && !signal.aborted) {
    const due = unfinished.find(({ dueAt }) => dueAt <= performance.now());
    if (due === undefined) {
      await pause(Math.min(...unfinished.map(({ dueAt }) => dueAt)) - performance.now());
      continue;
    }
    try {
      const stepped = await due.stepper.step();
      if (stepped.kind === "worked") await pause(stepped.pauseMs);
      else if (stepped.kind === "later") due.dueAt = performance.now() + stepped.ms;
      else unfinished = unfinished.filter((one) => one !== due);
    } catch (error) {
      const level = isTransient(error) ? "debug" : "error";
      log[level]({ backfill: due.stepper.name, err: error }, "a step of a backfill failed, retrying");
      due.dueAt = performance.now() + timing.restMs;
    }
  }
}
