import type { Receipt } from "./receipt.ts";
import type { Timestamp } from "./timestamp.ts";

/*
 * Whose clock is right nobody knows; but nothing was received before it happened. So an event whose timestamp is later
 * than its receipt stands where the receipt does. Without zod, for browsers too.
 */

/** What is needed to know where an event stands. */
export type Placeable = { timestamp: Timestamp; receipt: Receipt };

/** Where an event stands among others: the earlier of its timestamp and the time of its receipt. */
export function placeOf({ timestamp, receipt }: Placeable): Timestamp {
  const accepted = receiptTimestamp(receipt);
  return timestamp <= accepted ? timestamp : accepted;
}

/** When a receipt was given. */
export function receiptTimestamp(receipt: Receipt): Timestamp {
  const seconds = Number(receipt.slice(0, -6));
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${receipt.slice(-6)}Z` as Timestamp;
}

/** The order in which messages are shown: by place, and by receipt where two stand at the same. */
export function comparePlaces(a: Placeable, b: Placeable): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  if (first !== second) return first < second ? -1 : 1;
  return a.receipt < b.receipt ? -1 : a.receipt > b.receipt ? 1 : 0;
}
