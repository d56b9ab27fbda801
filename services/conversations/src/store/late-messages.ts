import { placeOf, type Receipt, type Timestamp } from "@fio/contracts";
import type { Decision, KeptEvent, Loaded, UnappliedEvent } from "../domain/index.ts";

/** A customer's message that came after the close, and that nobody has resolved. */
export type LateMessage = { receipt: Receipt; place: Timestamp };

/** What `unapplied_events.late_place` holds of a new row: where a customer's message stands that came after the close. */
export function latePlaceOf({ receipt, event, reason }: KeptEvent): Timestamp | null {
  // Under any other reason the event may be malformed.
  if (reason !== "CONVERSATION_CLOSED" || event.type !== "NEW_MESSAGE") return null;
  return event.data.direction === "RECEIVED" ? placeOf({ timestamp: event.timestamp, receipt }) : null;
}

/** Which messages are late once a decision is carried out and were not before, and the other way round. */
export type LateChanges = { added: LateMessage[]; left: LateMessage[] };

/** `resolvedNow`: refused events that agents have just seen to; `isResolved`: whether one that is new was known to be. */
export function lateChanges(
  decision: Decision,
  { unapplied }: Loaded,
  {
    resolvedNow,
    isResolved,
  }: { resolvedNow: readonly UnappliedEvent[]; isResolved: (receipt: Receipt) => boolean },
): LateChanges {
  const { addUnapplied, removeUnapplied } = decision;
  const written = new Set([...removeUnapplied, ...addUnapplied.map(({ receipt }) => receipt)]);
  return {
    added: addUnapplied.filter(({ receipt }) => !isResolved(receipt)).flatMap(asLate),
    left: [...unapplied.filter(({ receipt }) => written.has(receipt)), ...resolvedNow].flatMap(asLate),
  };
}

function asLate(unapplied: KeptEvent): LateMessage[] {
  const place = latePlaceOf(unapplied);
  return place === null ? [] : [{ receipt: unapplied.receipt, place }];
}
