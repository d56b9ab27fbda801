import { isWaiting, receiptOf, type Receipt, type RejectionReason } from "@fio/contracts";

/** What a reader is told of an event that is kept without having been applied. */
export type Reported =
  { outcome: "waiting" } | { outcome: "rejected"; reason: RejectionReason; detail?: string };

/** The highest receipt whose event has waited for its conversation longer than the grace. */
export const overdueReceipt = ({ now, graceMs }: { now: number; graceMs: number }): Receipt =>
  receiptOf(Math.max(0, Math.floor((now - graceMs) * 1000)));

/** One that waits for its conversation or its message is refused only in the report, and only once it is overdue. */
export function reported(
  { receipt, reason, detail }: { receipt: Receipt; reason: RejectionReason; detail: string | null },
  overdue: Receipt,
): Reported {
  if (isWaiting(reason) && receipt > overdue) return { outcome: "waiting" };
  return { outcome: "rejected", reason, ...(detail === null ? {} : { detail }) };
}
