import type { Receipt } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { among, asList, query, type Statement } from "./sql.ts";

/*
 * An event that may kill the process is marked here before it is applied alone. The marks are in the store, not in
 * Redis: the transaction that brings the event in commits its mark too, so a mark that is not committed means exactly
 * that the event is not in the store, and a Redis that is full cannot keep it from being set.
 */

/**
 * `holder`: the worker that set out to apply the event, when its job had stalled `stalls` times. `committed`: the event's
 * outcome is in the store.
 */
export type PoisonMark = { holder: string; stalls: number; committed: boolean };

type Row = { holder: string; stalls: number; committed: boolean | number };

/** Marks an event that is about to be applied; gives the mark that it had already, if any. */
export async function setPoisonMark(
  store: Store,
  receipt: Receipt,
  { holder, stalls }: Pick<PoisonMark, "holder" | "stalls">,
): Promise<PoisonMark | null> {
  const connection = { dialect: store.dialect, knex: store.write };
  const added = await query(connection, {
    name: "add_poison_mark",
    sql: `insert into poison_marks (receipt, holder, stalls) values (?, ?, ?)
      on conflict (receipt) do nothing returning receipt`,
    values: [receipt, holder, stalls],
  });
  if (added.length > 0) return null;
  const [row] = await query<Row>(connection, {
    name: "read_poison_mark",
    sql: "select holder, stalls, committed from poison_marks where receipt = ?",
    values: [receipt],
  });
  return row === undefined ? null : { ...row, committed: Boolean(row.committed) };
}

/** Makes an earlier mark, of a worker that is not gone, one's own. */
export async function takePoisonMark(
  store: Store,
  receipt: Receipt,
  { holder, stalls }: Pick<PoisonMark, "holder" | "stalls">,
): Promise<void> {
  await query(
    { dialect: store.dialect, knex: store.write },
    {
      name: "take_poison_mark",
      sql: "update poison_marks set holder = ?, stalls = ? where receipt = ?",
      values: [holder, stalls, receipt],
    },
  );
}

export function commitPoisonMark(receipt: Receipt | null): Statement | null {
  if (receipt === null) return null;
  return {
    name: "commit_poison_mark",
    sql: "update poison_marks set committed = true where receipt = ?",
    values: [receipt],
  };
}

/** Once the job is done, or when an event is queued anew. */
export async function deletePoisonMarks(store: Store, receipts: readonly Receipt[]): Promise<void> {
  const { dialect, write } = store;
  await query(
    { dialect, knex: write },
    {
      name: "delete_poison_marks",
      sql: `delete from poison_marks where ${among(dialect, "receipt", "bigint")}`,
      values: [asList(dialect, receipts)],
    },
  );
}
