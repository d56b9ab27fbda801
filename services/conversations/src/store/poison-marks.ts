import type { Receipt } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { among, asList, query, type Statement } from "./sql.ts";

/*
 * An event that may kill the process is marked here before it is tried alone. The marks are in the store, not in
 * Redis: the transaction that brings the event in commits its mark too, so a mark that is not committed means exactly
 * that the event is not in the store, and a Redis that is full cannot keep it from being set.
 */

/** `stalls`: how often the job had stalled when the trial began. `committed`: the event's outcome is in the store. */
export type PoisonMark = { stalls: number; committed: boolean };

/** Marks an event that is about to be tried by a job that has stalled `stalls` times; gives an earlier mark, if any. */
export async function setPoisonMark(store: Store, receipt: Receipt, stalls: number): Promise<PoisonMark> {
  const rows = await query<{ stalls: number; committed: boolean | number }>(
    { dialect: store.dialect, knex: store.write },
    {
      name: "set_poison_mark",
      sql: `insert into trials as held (receipt, stalls) values (?, ?)
        on conflict (receipt) do update set stalls = held.stalls returning stalls, committed`,
      values: [Number(receipt), stalls],
    },
  );
  const [row] = rows;
  return { stalls: row?.stalls ?? stalls, committed: Boolean(row?.committed) };
}

export function commitPoisonMark(receipt: Receipt | null): Statement | null {
  if (receipt === null) return null;
  return {
    name: "commit_poison_mark",
    sql: "update trials set committed = true where receipt = ?",
    values: [Number(receipt)],
  };
}

/** Once the job is done, or when an event is queued anew. */
export async function deletePoisonMarks(store: Store, receipts: readonly Receipt[]): Promise<void> {
  const { dialect, write } = store;
  await query(
    { dialect, knex: write },
    {
      name: "delete_poison_marks",
      sql: `delete from trials where ${among(dialect, "receipt", "bigint")}`,
      values: [asList(dialect, receipts)],
    },
  );
}
