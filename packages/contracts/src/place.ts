import type { Timestamp } from "./instants.ts";
import { receiptTimestamp, type Receipt } from "./receipts.ts";

/*
 * It is unknown whose clock is right, but nothing is received before it happens. So an event whose timestamp is later
 * than its receipt is placed at its receipt.
 */

/** The fields that decide an event's place. */
export type Placeable = { timestamp: Timestamp; receipt: Receipt };

/** An event's place among others: the earlier of its timestamp and the time of its receipt. */
export function placeOf({ timestamp, receipt }: Placeable): Timestamp {
  const accepted = receiptTimestamp(receipt);
  return timestamp <= accepted ? timestamp : accepted;
}

/** The order in which messages are shown: by place, then by receipt. */
export function comparePlaces(a: Placeable, b: Placeable): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  if (first !== second) return first < second ? -1 : 1;
  return a.receipt < b.receipt ? -1 : a.receipt > b.receipt ? 1 : 0;
}
