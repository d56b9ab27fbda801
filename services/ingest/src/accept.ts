import type { Problem, Receipt, WebhookEvent } from "@fio/contracts";
import type { Batcher } from "./batch.ts";
import type { ClockWatch } from "./clock-watch.ts";
import type { Entry } from "./flush.ts";
import type { Outcomes } from "./outcomes.ts";
import { readEvents } from "./read-events.ts";
import type { Watch } from "./watch.ts";

/** `watch` when the sender asked to wait and can. `array` says how the events were posted. */
export type Acceptance =
  | {
      kind: "accepted";
      array: boolean;
      events: readonly WebhookEvent[];
      receipts: readonly Receipt[];
      watch: Watch | null;
    }
  | { kind: "refused"; problem: Problem };

/**
 * Takes the raw body of a webhook. `now` in milliseconds; `waiting` when the sender asked to wait, aborted when it
 * disconnects. Throws a 503 when the queue did not take its events.
 */
export type Accept = (
  body: Buffer,
  request: { now: number; waiting: AbortSignal | null },
) => Promise<Acceptance>;

export function createAcceptor({
  batcher,
  clockWatch,
  outcomes,
}: {
  batcher: Batcher<Entry, readonly Receipt[]>;
  clockWatch: ClockWatch;
  outcomes: Outcomes;
}): Accept {
  return async (body, { now, waiting }) => {
    const read = readEvents(body, now);
    if (read.kind === "refused") return read;
    const { events, array } = read;
    clockWatch.saw(read.ahead);
    const watch = waiting === null || waiting.aborted ? null : outcomes.watch();
    if (watch !== null) waiting?.addEventListener("abort", watch.end, { once: true });
    try {
      const receipts = await batcher.add({ events, bytes: body.length, watch });
      return { kind: "accepted", array, events, receipts, watch };
    } catch (error) {
      watch?.end();
      throw error;
    }
  };
}
