import { TOLD_AHEAD_MS } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Metrics } from "./metrics.ts";

/** At most one log line in this time, however many events are affected. */
const QUIET_MS = 60_000;

/** Reports when a sender's clock and ours differ too much. */
export type ClockWatch = {
  /** How far each event of a request is ahead of our clock, in milliseconds. */
  saw: (ahead: readonly number[]) => void;
};

export function createClockWatch({
  metrics,
  log,
  now,
}: {
  metrics: Pick<Metrics, "clockAhead">;
  log: Log;
  /** Milliseconds of the wall clock, which may be set back. */
  now: () => number;
}): ClockWatch {
  let saidAt = -Infinity;
  let events = 0;
  let most = 0;
  return {
    saw: (ahead) => {
      const told = ahead.filter((ms) => ms > TOLD_AHEAD_MS);
      if (told.length === 0) return;
      metrics.clockAhead.inc(told.length);
      events += told.length;
      most = told.reduce((a, b) => Math.max(a, b), most);
      const at = now();
      // A clock that is set back must not suppress the warning.
      if (at >= saidAt && at - saidAt < QUIET_MS) return;
      saidAt = at;
      log.warn(
        { events, aheadSeconds: Math.round(most / 1_000) },
        "timestamps are ahead of this clock: correct this clock or the sender's",
      );
      events = 0;
      most = 0;
    },
  };
}
