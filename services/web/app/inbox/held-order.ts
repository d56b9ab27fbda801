import type { ConversationRow } from "@fio/contracts";

/** A row where it stood when the order was held. `gone`: it is no longer in this list, and keeps its place until then. */
export type HeldRow = { row: ConversationRow; gone: boolean };

/**
 * The order on screen while the reader points at it: content changes, nothing moves, nothing leaves. `held` grows with
 * what comes below all that is there, since that moves nothing.
 */
export function heldOrder(
  held: readonly string[],
  rows: readonly ConversationRow[],
): { ids: readonly string[]; added: number; moved: boolean } {
  const place = new Map(held.map((id, at) => [id, at]));
  const lowest = rows.findLastIndex(({ id }) => place.has(id));
  const below = rows.slice(lowest + 1).map(({ id }) => id);
  const places = rows.flatMap(({ id }) => place.get(id) ?? []);
  return {
    ids: below.length === 0 ? held : [...held, ...below],
    added: rows.length - places.length - below.length,
    moved: places.some((at, index) => index > 0 && at < (places[index - 1] ?? 0)),
  };
}

/** The rows of a held order. `known` finds those that have left the list. */
export function heldRows(
  held: readonly string[],
  rows: readonly ConversationRow[],
  known: (id: string) => ConversationRow | undefined,
): HeldRow[] {
  const current = new Map(rows.map((row) => [row.id, row]));
  return held.flatMap((id) => {
    const row = current.get(id) ?? known(id);
    return row === undefined ? [] : [{ row, gone: !current.has(id) }];
  });
}
