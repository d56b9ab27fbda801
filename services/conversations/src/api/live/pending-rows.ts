import type { ChangedRow } from "./entry.ts";

/** Rows that have changed and are not sent yet: for each conversation only the latest. */
export type PendingRows = {
  add: (row: ChangedRow) => void;
  /** Takes out the most recently changed, that one first. */
  take: (most: number) => ChangedRow[];
  /** Takes out rows of the list, the longest unchanged first, until about so many are left. */
  shed: (keep: number) => ChangedRow[];
  /** Forgets the row of a conversation. */
  drop: (id: string) => void;
  readonly size: number;
};

export function createPendingRows(): PendingRows {
  // In the order of their latest change.
  const rows = new Map<string, ChangedRow>();
  return {
    add: (row) => {
      // Two transactions may announce in the other order than they committed.
      if ((rows.get(row.id)?.version ?? -1) > row.version) return;
      rows.delete(row.id);
      rows.set(row.id, row);
    },
    take: (most) => {
      const taken = [...rows.values()].slice(-most).reverse();
      for (const { id } of taken) rows.delete(id);
      return taken;
    },
    shed: (keep) => {
      const shed = [...rows.values()]
        .slice(0, Math.max(0, rows.size - keep))
        .filter(({ isListed }) => isListed);
      for (const { id } of shed) rows.delete(id);
      return shed;
    },
    drop: (id) => void rows.delete(id),
    get size() {
      return rows.size;
    },
  };
}
