import { placeOf, type Receipt, type Timestamp } from "@fio/contracts";
import type { Decision, Loaded, UnappliedEvent } from "../domain/index.ts";

/** A customer's message that came after the close, and that nobody has resolved. */
export type LateMessage = { receipt: Receipt; place: Timestamp };

/** What `unapplied_events.late_place` holds of a new row: where a customer's message stands that came after the close. */
export function latePlaceOf({ receipt, event, reason }: UnappliedEvent): Timestamp | null {
  // Under any other reason the event may be malformed.
  if (reason !== "CONVERSATION_CLOSED" || event.type !== "NEW_MESSAGE") return null;
  return event.data.direction === "RECEIVED" ? placeOf({ timestamp: event.timestamp, receipt }) : null;
}

/** Which messages are late once a decision is carried out and were not before, and the other way round. */
export type LateChanges = { added: LateMessage[]; left: LateMessage[] };

export function lateChanges(decision: Decision, { unapplied }: Loaded): LateChanges {
  const { addUnapplied, removeUnapplied } = decision;
  const written = new Set([...removeUnapplied, ...addUnapplied.map(({ receipt }) => receipt)]);
  return {
    added: addUnapplied.flatMap(asLate),
    left: unapplied.filter(({ receipt }) => written.has(receipt)).flatMap(asLate),
  };
}

function asLate(unapplied: UnappliedEvent): LateMessage[] {
  const place = latePlaceOf(unapplied);
  return place === null ? [] : [{ receipt: unapplied.receipt, place }];
}
