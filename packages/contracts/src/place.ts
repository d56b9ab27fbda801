import type { Timestamp } from "./instants.ts";
import { receiptTimestamp, type Receipt } from "./receipts.ts";

/*
 * Whose clock is right nobody knows; but nothing was received before it happened. So an event whose timestamp is later
 * than its receipt stands where the receipt does.
 */

/** What is needed to know where an event stands. */
export type Placeable = { timestamp: Timestamp; receipt: Receipt };

/** Where an event stands among others: the earlier of its timestamp and the time of its receipt. */
export function placeOf({ timestamp, receipt }: Placeable): Timestamp {
  const accepted = receiptTimestamp(receipt);
  return timestamp <= accepted ? timestamp : accepted;
}

/** The order in which messages are shown: by place, and by receipt where two stand at the same. */
export function comparePlaces(a: Placeable, b: Placeable): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  if (first !== second) return first < second ? -1 : 1;
  return a.receipt < b.receipt ? -1 : a.receipt > b.receipt ? 1 : 0;
}
