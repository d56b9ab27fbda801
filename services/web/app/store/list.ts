import type { ConversationRow } from "@fio/contracts";
import { ACCOUNT } from "../device/account.ts";

/** In the order of the tabs: who waits for an answer, then by state. */
export const FILTERS = ["waiting", "open", "closed", "all"] as const;
export type Filter = (typeof FILTERS)[number];

export const filterOf = (text: string | null): Filter => FILTERS.find((filter) => filter === text) ?? "open";

/** Whose conversations a list shows: everybody's, one's own, or nobody's. */
export const HOLDERS = ["all", "mine", "nobody"] as const;
export type Holders = (typeof HOLDERS)[number];

/** A filter's list, of all or of some holders. */
export type View = Filter | `${Filter}/${Exclude<Holders, "all">}`;
export const viewOf = (filter: Filter, holders: Holders): View =>
  holders === "all" ? filter : `${filter}/${holders}`;
export const partsOf = (view: View): { filter: Filter; holders: Holders } => {
  const [filter, holders = "all"] = view.split("/");
  return { filter: filter as Filter, holders: holders as Holders };
};

/** What the read API is asked for a filter. */
export const askedOf = (filter: Filter): { state: "OPEN" | "CLOSED" | null; waiting: boolean } => ({
  state: filter === "open" ? "OPEN" : filter === "closed" ? "CLOSED" : null,
  waiting: filter === "waiting",
});

/** A customer wrote after our last answer, or after the close, and nobody has seen to it. */
export const isWaiting = ({ waiting_since }: ConversationRow): boolean => waiting_since !== null;

/** What a customer wrote after the close: a closed conversation waits for nothing else. */
export const isLate = (row: ConversationRow): boolean => row.state === "CLOSED" && isWaiting(row);

/** As the API counts: up to 99, and whether there are more. */
export type Counted = { count: number; more: boolean };
const COUNTED_MAX = 99;

export const counted = (count: number): Counted => ({
  count: Math.min(count, COUNTED_MAX),
  more: count > COUNTED_MAX,
});

/** `12`, `99+`, or nothing for none. */
export const countText = ({ count, more }: Counted): string =>
  count === 0 ? "" : `${count}${more ? "+" : ""}`;

type Compare = (a: ConversationRow, b: ConversationRow) => number;

/** Newest activity first. */
export const compareRows: Compare = (a, b) => {
  if (a.activity_at !== b.activity_at) return a.activity_at > b.activity_at ? -1 : 1;
  return a.id > b.id ? -1 : a.id < b.id ? 1 : 0;
};

/** The longest wait first. */
const compareWaits: Compare = (a, b) => {
  const [one, other] = [a.waiting_since ?? "", b.waiting_since ?? ""];
  if (one !== other) return one < other ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
};

const orderOf = (filter: Filter): Compare => (filter === "waiting" ? compareWaits : compareRows);

function belongs(row: ConversationRow, { filter, holders }: ReturnType<typeof partsOf>): boolean {
  if (holders !== "all" && row.assigned_to?.id !== (holders === "mine" ? ACCOUNT : undefined)) return false;
  if (filter === "all") return true;
  return filter === "waiting" ? isWaiting(row) : row.state === (filter === "open" ? "OPEN" : "CLOSED");
}

/** How far down the pages of a filter are loaded: `next` is the query of the page that follows. */
export type Horizon = { last: ConversationRow | null; next: string | null };

/** The rows of a filter in its order, down to where its pages are loaded: below that, rows in between are unknown. */
export function visibleRows(
  rows: Iterable<ConversationRow>,
  view: View,
  { last, next }: Horizon,
): ConversationRow[] {
  const parts = partsOf(view);
  const compare = orderOf(parts.filter);
  const isLoaded = (row: ConversationRow): boolean =>
    next === null || last === null || compare(row, last) <= 0;
  return [...rows].filter((row) => belongs(row, parts) && isLoaded(row)).sort(compare);
}
