import type { ConversationRow } from "@fio/contracts";

export const FILTERS = ["open", "closed", "all"] as const;
export type Filter = (typeof FILTERS)[number];

export const filterOf = (text: string | null): Filter =>
  text === "closed" || text === "all" ? text : "open";
export const stateOf = (filter: Filter): "OPEN" | "CLOSED" | null =>
  filter === "all" ? null : filter === "open" ? "OPEN" : "CLOSED";

export function compareRows(a: ConversationRow, b: ConversationRow): number {
  if (a.activity_at !== b.activity_at) return a.activity_at > b.activity_at ? -1 : 1;
  return a.id > b.id ? -1 : a.id < b.id ? 1 : 0;
}

/** How far down the pages of a filter are loaded: `next` is the query of the page that follows. */
export type Horizon = { last: ConversationRow | null; next: string | null };

/** The rows of a filter, newest first, down to where its pages are loaded: below that, rows in between are unknown. */
export function visibleRows(
  rows: Iterable<ConversationRow>,
  filter: Filter,
  { last, next }: Horizon,
): ConversationRow[] {
  const state = stateOf(filter);
  return [...rows]
    .filter((row) => state === null || row.state === state)
    .filter((row) => next === null || last === null || compareRows(row, last) <= 0)
    .sort(compareRows);
}

/** The order on screen, held while the reader points at it: content changes, nothing moves; new rows wait. */
export function heldOrder(held: readonly string[], rows: readonly ConversationRow[]): ConversationRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return held.flatMap((id) => byId.get(id) ?? []);
}
