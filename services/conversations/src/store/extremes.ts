import type { Receipt, Timestamp } from "@fio/contracts";

/* Timestamps and receipts are text whose order is theirs. Nulls are left out; null where nothing else is given. */

export function highest<Text extends Receipt | Timestamp>(...given: ReadonlyArray<Text | null>): Text | null {
  return given.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}

export function lowest<Text extends Receipt | Timestamp>(...given: ReadonlyArray<Text | null>): Text | null {
  return given.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);
}
