import type { AcceptedEvent, Receipt, RejectionReason } from "@fio/contracts";
import { replayName, type EventQueue } from "@fio/service/queue";
import type { Store } from "./store/connect.ts";
import { internalErrors, unappliedEvent } from "./store/queries/unapplied.ts";
import { untilDone } from "./store/retry.ts";
import { deletePoisonMarks } from "./store/poison-marks.ts";

/** How long a busy store is waited for before the caller is told. */
const PATIENCE_MS = 2_000;
const EVENTS_PER_JOB = 50;

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
  await enqueue([{ receipt, event: unapplied.event }], { store, queue });
  return { kind: "queued" };
}

/** Receipts; `from` is the first one, `to` the first one beyond. */
export type ReceiptRange = { from: Receipt; to: Receipt };

/** How many were queued, and from where to go on; `null` when that was all. */
export type ReplayStep = { queued: number; next: Receipt | null };

/**
 * Puts up to `limit` of the events that failed by our own fault on the queue again, lowest receipt first. What they
 * hold at one time is bounded. Throws as {@link replay} does; what was queued by then stays queued.
 */
export async function replayMany({
  store,
  queue,
  range: { from, to },
  limit,
}: {
  store: Store;
  queue: EventQueue;
  range: ReceiptRange;
  limit: number;
}): Promise<ReplayStep> {
  let queued = 0;
  let next = from;
  for (;;) {
    const size = Math.min(EVENTS_PER_JOB, limit - queued);
    // One more than are queued tells whether there is more.
    const found = await internalErrors(store.read, { from: next, to, limit: size + 1 });
    const events = found.slice(0, size);
    if (events.length > 0) await enqueue(events, { store, queue });
    queued += events.length;
    const beyond = found[size];
    if (beyond === undefined) return { queued, next: null };
    next = beyond.receipt;
    if (queued >= limit) return { queued, next };
  }
}

async function enqueue(
  events: AcceptedEvent[],
  { store, queue }: { store: Store; queue: EventQueue },
): Promise<void> {
  // The operator has set right what made them fail: they are not to be taken for killers at once.
  // Workers write all the time, and on SQLite one at a time.
  const receipts = events.map(({ receipt }) => receipt);
  await untilDone(() => deletePoisonMarks(store, receipts), { signal: AbortSignal.timeout(PATIENCE_MS) });
  await queue.add(replayName(events.length), { v: 1, events }).catch((cause: unknown) => {
    throw new QueueUnavailable("the queue cannot be reached", { cause });
  });
}
