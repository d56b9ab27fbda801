import { isAct, problemOf, type PostedEvent, type Problem, type Receipt } from "@fio/contracts";
import type { Signer } from "@fio/service/signature";
import type { TraceContext } from "@fio/service/tracing/trace-context";
import type { ClockWatch } from "./clock-watch.ts";
import type { Metrics } from "./metrics.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Place } from "./partitions/placing.ts";
import { MAX_FAULTS, readEvents, type Read } from "./read-events.ts";
import type { Watch } from "./watch.ts";

/** `watch` when the sender asked to wait and can. `array` says how the events were posted. */
export type Acceptance =
  | {
      kind: "accepted";
      array: boolean;
      events: readonly PostedEvent[];
      receipts: readonly Receipt[];
      watch: Watch | null;
    }
  | { kind: "refused"; problem: Problem };

/**
 * Takes the raw body of a webhook. `now` in milliseconds; `waiting` when the sender asked to wait, aborted when it
 * disconnects; `trace` what the request belongs to. Throws a 503 when the queue did not take its events.
 */
export type Accept = (
  body: Buffer,
  request: { now: number; waiting: AbortSignal | null; signer: Signer; trace: TraceContext | null },
) => Promise<Acceptance>;

export function createAcceptor({
  place,
  clockWatch,
  outcomes,
  metrics,
}: {
  place: Place;
  clockWatch: ClockWatch;
  outcomes: Outcomes;
  metrics: Pick<Metrics, "ignoredAuthors">;
}): Accept {
  return async (body, { now, waiting, signer, trace }) => {
    const read = readEvents(body, { now, signer });
    if (read.kind === "refused") return read;
    const { events, array } = read;
    const forged = signer === "web" ? null : actsRefused(read);
    if (forged !== null) return { kind: "refused", problem: forged };
    clockWatch.saw(read.ahead);
    metrics.ignoredAuthors.inc(read.ignoredAuthors);
    const watch = waiting === null || waiting.aborted ? null : outcomes.watch();
    if (watch !== null) waiting?.addEventListener("abort", watch.end, { once: true });
    try {
      const receipts = await place({ events, bytes: body.length, watch, trace });
      // A worker may have finished them by now: see outcomes.
      watch?.begin(receipts);
      return { kind: "accepted", array, events, receipts, watch };
    } catch (error) {
      watch?.end();
      throw error;
    }
  };
}

/** What agents do only their own web app may say: an array that holds such an event is refused as a whole. */
function actsRefused({ events, array }: Pick<Read & { kind: "events" }, "events" | "array">): Problem | null {
  const errors = events.flatMap((event, index) =>
    isAct(event)
      ? [
          {
            path: array ? `[${index}].type` : "type",
            message: "is an agent's act: it must be signed with one of WEB_SECRETS",
          },
        ]
      : [],
  );
  return errors.length === 0 ? null : problemOf("NOT_AN_AGENT", { errors: errors.slice(0, MAX_FAULTS) });
}
