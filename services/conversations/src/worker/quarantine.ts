import type { JobEvent } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { untilDone } from "../store/retry.ts";
import { deletePoisonMarks, setPoisonMark } from "../store/poison-marks.ts";
import type { Applier } from "./applier.ts";
import { Stopped } from "./group.ts";

/** From its third stall on a job is suspected of killing the process that takes it. */
export const QUARANTINE_STALLS = 3;

const KILLED = "the worker that tried it ended without an answer";

/**
 * Applies the events of a suspected job one by one, each marked before. One whose mark was set before the last stall and
 * is still not committed has ended its process: it is kept as INTERNAL_ERROR, and its neighbours get in.
 */
export async function quarantine({
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
  log.warn(
    { events: events.length, stalls, receipt: events[0]?.receipt },
    "applying a suspected job event by event",
  );
  const patiently = <Value>(work: () => Promise<Value>): Promise<Value> =>
    untilDone(work, { signal: stopping });

  for (const event of events) {
    if (stopping.aborted) throw new Stopped();
    const mark = await patiently(() => setPoisonMark(store, event.receipt, stalls));
    // In the store already; whatever killed the process came after, and the outbox has what is to be told.
    if (mark.committed && mark.stalls < stalls) continue;
    const { announced } = await (mark.stalls < stalls
      ? applier.keepKiller(event, KILLED)
      : applier.commitMarked(event));
    await announced;
  }
  await patiently(() =>
    deletePoisonMarks(
      store,
      events.map(({ receipt }) => receipt),
    ),
  );
}
