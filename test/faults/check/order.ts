import type { Acknowledged } from "../load/journal.ts";
import type { Violation } from "./violation.ts";

/**
 * What is sent after an answer was read has a higher receipt, whichever ingests they were: a close that follows an
 * answered message must not overtake it. Over all faults, so that receipts keep rising whatever becomes of their key.
 */
export function orderViolations(acknowledged: readonly Acknowledged[]): Violation[] {
  const bySending = acknowledged.toSorted((a, b) => a.sentAt - b.sentAt);
  const byAnswer = acknowledged.toSorted((a, b) => a.answeredAt - b.answeredAt);
  const violations: Violation[] = [];
  let read = 0;
  let highest: Acknowledged | undefined;
  for (const sent of bySending) {
    for (
      let next = byAnswer[read];
      next !== undefined && next.answeredAt < sent.sentAt;
      next = byAnswer[read]
    ) {
      if (highest === undefined || next.receipt > highest.receipt) highest = next;
      read += 1;
    }
    if (highest !== undefined && sent.receipt <= highest.receipt) {
      violations.push({
        kind: "wrong",
        line: `${sent.receipt} was sent after ${highest.receipt} had been answered`,
        receipt: sent.receipt,
      });
    }
  }
  return violations;
}
