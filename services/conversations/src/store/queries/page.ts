import type { Receipt } from "@fio/contracts";

/** A place in a list that is sorted by receipt. */
export type ReceiptKey = [receipt: Receipt];

/** In text order too. */
export const ABOVE_ALL_RECEIPTS = "9999999999999999" as Receipt;

/** One page of a list, and the key of its last item when more follow. */
export type Page<Item, Key> = { items: Item[]; next: Key | null };

/** The page of `limit` from rows of which one more was asked for. */
export function pageOf<Row, Item, Key>(
  rows: readonly Row[],
  { limit, item, key }: { limit: number; item: (row: Row) => Item; key: (row: Row) => Key },
): Page<Item, Key> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), next: rows.length > limit && last !== undefined ? key(last) : null };
}
