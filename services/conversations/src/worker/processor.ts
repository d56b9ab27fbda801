import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { isTransient } from "../store/faults.ts";
import type { Applier } from "./applier.ts";
import { readJob, type JobContent } from "./read-job.ts";
import { Stopped, type Group } from "./group.ts";
import type { Metrics } from "./metrics.ts";
import { QUARANTINE_STALLS, quarantine } from "./quarantine.ts";

/** `handed_back`: the worker stops before it is done; another one shall have it. */
export type Processed = { kind: "done" } | { kind: "handed_back" } | { kind: "unreadable"; detail: string };

/** `stalls`: how often whoever had the job in hand was not heard of again. */
export type Process = (job: { data: unknown; stalls: number }) => Promise<Processed>;

/** Throws when an event could neither be applied nor kept, and the store answers: then try the job later. */
export function createProcessor({
  store,
  applier,
  group,
  log,
  metrics,
  stopping,
}: {
  store: Store;
  applier: Applier;
  group: Group;
  log: Log;
  metrics: Metrics;
  stopping: AbortSignal;
}): Process {
  const carryOut = async ({ events, malformed }: JobContent, stalls: number): Promise<void> => {
    if (events.length > 0 && stalls < QUARANTINE_STALLS) await group.submit(events);
    else if (events.length > 0) {
      metrics.quarantinedJobs.inc();
      await group.alone(() => quarantine({ store, applier, events, stalls, log, stopping }));
    }
    for (const one of malformed) {
      const { announced } = await applier.keepMalformed(one);
      await announced;
    }
  };

  return async ({ data, stalls }) => {
    const delivery = readJob(data);
    try {
      await carryOut(delivery, stalls);
    } catch (error) {
      if (stopping.aborted && (error instanceof Stopped || isTransient(error)))
        return { kind: "handed_back" };
      throw error;
    }
    if (delivery.unreadable === null) return { kind: "done" };
    metrics.jobsUnreadable.inc();
    return { kind: "unreadable", detail: delivery.unreadable };
  };
}
