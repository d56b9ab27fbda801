import type { JobEvent } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Store } from "../store/connect.ts";
import { untilDone } from "../store/retry.ts";
import { beginTrial } from "../store/trials.ts";
import type { Applier } from "./applier.ts";

/** From its third stall on a job is suspected of killing the process that takes it. */
export const SUSPECT_STALLS = 3;

const KILLED = "the worker that tried it ended without an answer";

/**
 * Tries the events of a suspect job one by one, each marked before. One that was marked in an earlier stall and is not
 * applied has ended its process then: it is kept as INTERNAL_ERROR, and its neighbours get in.
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
  for (const event of events) {
    const since = await untilDone(() => beginTrial(store, event.receipt, stalls), { signal: stopping });
    const { reply, ...accepted } = event;
    const to = reply === undefined ? {} : { reply };
    const { told } = await (since < stalls
      ? applier.keep({ accepted, ...to, detail: KILLED })
      : applier.commitTrial(event));
    await told;
  }
}
