import type { Timestamp } from "./instants.ts";

/* Receipts, without zod, so that browsers can use this file. */

/**
 * The microsecond since 1970 at which the fleet accepted an event, strictly increasing over all ingests.
 * Sixteen digits until the year 2286, so that text order is the order of acceptance.
 */
export type Receipt = string & { readonly __brand: "Receipt" };

/** The receipt of a whole number of microseconds since 1970. */
export function receiptOf(microseconds: number | bigint): Receipt {
  return String(microseconds).padStart(16, "0") as Receipt;
}

/** When it was given, in milliseconds since 1970. */
export function receiptMilliseconds(given: Receipt): number {
  return Math.floor(Number(given) / 1000);
}

/** The second that was printed last: receipts come in their order, and a date costs more than all else about one. */
let [second, printed] = ["", ""];

/** When it was given, to the microsecond. */
export function receiptTimestamp(receipt: Receipt): Timestamp {
  const seconds = receipt.slice(0, -6);
  if (seconds !== second) {
    printed = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
    second = seconds;
  }
  return `${printed}.${receipt.slice(-6)}Z` as Timestamp;
}

/** The lowest possible receipt of an instant. */
export function receiptAt(timestamp: Timestamp): Receipt {
  const seconds = Math.max(0, Date.parse(`${timestamp.slice(0, 19)}Z`) / 1_000);
  return receiptOf(BigInt(seconds) * 1_000_000n + BigInt(timestamp.slice(20, 26)));
}
