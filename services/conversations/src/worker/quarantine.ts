import type { JobEvent } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { untilDone } from "../store/retry.ts";
import { deletePoisonMarks, setPoisonMark, takePoisonMark } from "../store/poison-marks.ts";
import type { Applier } from "./applier.ts";
import { Stopped } from "./group.ts";
import type { Presence } from "./presence.ts";

/** So many workers that ended with the same job in hand, one after the other: it may have killed them. */
export const SUSPECT_KILLS = 2;

const KILLED = "the worker that tried it ended without an answer";

/**
 * Applies the events of a suspected job one by one, each marked before. One whose mark was set before the last stall, is
 * still not committed and is of a worker that is gone has killed it: it is kept as INTERNAL_ERROR, and its neighbours get
 * in. A worker that is only slow, by its store or by its own work, is not gone.
 */
export async function quarantine({
  store,
  applier,
  presence,
  ownId,
  events,
  stalls,
  log,
  stopping,
}: {
  store: Store;
  applier: Applier;
  presence: Presence;
  /** Of this worker. */
  ownId: string;
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
    const own = { holder: ownId, stalls };
    const mark = await patiently(() => setPoisonMark(store, event.receipt, own));
    // In the store already; whatever killed the process came after, and the outbox has what is to be told.
    if (mark?.committed === true) continue;
    const hasKilled = mark !== null && mark.stalls < stalls && (await presence.isGone(mark.holder));
    if (mark !== null && !hasKilled) await patiently(() => takePoisonMark(store, event.receipt, own));
    const { announced } = await (hasKilled ? applier.keepKiller(event, KILLED) : applier.commitMarked(event));
    await announced;
  }
  await patiently(() =>
    deletePoisonMarks(
      store,
      events.map(({ receipt }) => receipt),
    ),
  );
}
