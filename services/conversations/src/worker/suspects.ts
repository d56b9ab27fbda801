import type { JobEvent } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { untilDone } from "../store/retry.ts";
import { beginTrial, forgetTrials } from "../store/trials.ts";
import type { Applier } from "./applier.ts";
import { Stopped } from "./group.ts";

/** From its third stall on a job is suspected of killing the process that takes it. */
export const SUSPECT_STALLS = 3;

const KILLED = "the worker that tried it ended without an answer";

/**
 * Tries the events of a suspect job one by one, each marked before. One whose trial began before the last stall and
 * never ended has ended its process: it is kept as INTERNAL_ERROR, and its neighbours get in.
 */
export async function tryApart({
  store,
  applier,
  events,
  stalls,
  log,
  stopping,
}: {
  store: Store;
  applier: Applier;
  events: readonly JobEvent[];
  stalls: number;
  log: Log;
  stopping: AbortSignal;
}): Promise<void> {
  log.warn({ events: events.length, stalls, receipt: events[0]?.receipt }, "trying a suspect job alone");
  const patiently = <Value>(work: () => Promise<Value>): Promise<Value> =>
    untilDone(work, { signal: stopping });

  for (const event of events) {
    if (stopping.aborted) throw new Stopped();
    const trial = await patiently(() => beginTrial(store, event.receipt, stalls));
    // In the store already; whatever killed the process came after, and the outbox has what is to be told.
    if (trial.committed && trial.stalls < stalls) continue;
    const { told } = await (trial.stalls < stalls
      ? applier.condemn(event, KILLED)
      : applier.commitTrial(event));
    await told;
  }
  await patiently(() =>
    forgetTrials(
      store,
      events.map(({ receipt }) => receipt),
    ),
  );
}
