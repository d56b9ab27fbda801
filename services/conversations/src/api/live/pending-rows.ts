import type { ChangedRow } from "./entry.ts";

/** Rows that have changed and are not sent yet: for each conversation only the latest. */
export type PendingRows = {
  add: (row: ChangedRow) => void;
  /** Takes out the most recently changed, that one first. */
  take: (most: number) => ChangedRow[];
  clear: () => void;
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
    clear: () => rows.clear(),
    get size() {
      return rows.size;
    },
  };
}
