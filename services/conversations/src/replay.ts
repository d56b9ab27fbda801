import type { Job, Receipt, RejectionReason } from "@fio/contracts";
import type { EventQueue } from "@fio/service/queue";
import type { Store } from "./store/connect.ts";
import { unappliedEvent } from "./store/queries/unapplied.ts";
import { untilDone } from "./store/retry.ts";
import { deletePoisonMarks } from "./store/poison-marks.ts";

/** How long a busy store is waited for before the caller is told. */
const PATIENCE_MS = 2_000;

export type Replay =
  | { kind: "queued" }
  | { kind: "unknown" }
  /** Trying it again would end the same way. */
  | { kind: "not_replayable"; reason: RejectionReason };

/** The queue did not take what it was given, or did not say so. */
export class QueueUnavailable extends Error {}

/**
 * Puts an event that failed by our own fault on the queue again, under its own receipt. Until it is tried it stays
 * unapplied as it is. Throws when the store cannot be reached, and {@link QueueUnavailable} when the queue cannot.
 */
export async function replay({
  store,
  queue,
  receipt,
}: {
  store: Store;
  queue: EventQueue;
  receipt: Receipt;
}): Promise<Replay> {
  const unapplied = await unappliedEvent(store.read, receipt);
  if (unapplied === null) return { kind: "unknown" };
  if (unapplied.reason !== "INTERNAL_ERROR") return { kind: "not_replayable", reason: unapplied.reason };
  // The operator has set right what made it fail: it is not to be taken for a killer at once.
  // Workers write all the time, and on SQLite one at a time.
  await untilDone(() => deletePoisonMarks(store, [receipt]), { signal: AbortSignal.timeout(PATIENCE_MS) });
  const job: Job = { v: 1, events: [{ receipt, event: unapplied.event }] };
  await queue.add("replay", job).catch((cause: unknown) => {
    throw new QueueUnavailable("the queue cannot be reached", { cause });
  });
  return { kind: "queued" };
}
