import type { Receipt } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { query, type Statement } from "./sql.ts";

/*
 * An event that may kill the process is marked here before it is tried alone. The marks are in the store, not in
 * Redis: the transaction that applies the event takes its mark away, so a mark that is still there means exactly
 * that the event is not applied, and a Redis that is full cannot keep it from being set.
 */

/**
 * Marks an event that is about to be tried by a job that has stalled `stalls` times. Gives the count under which it
 * was marked first: less than `stalls` means that its trial ended in a stall.
 */
export async function beginTrial(store: Store, receipt: Receipt, stalls: number): Promise<number> {
  const rows = await query<{ stalls: number }>(
    { dialect: store.dialect, knex: store.write },
    {
      name: "begin_trial",
      sql: `insert into trials as held (receipt, stalls) values (?, ?)
        on conflict (receipt) do update set stalls = held.stalls returning stalls`,
      values: [Number(receipt), stalls],
    },
  );
  return rows[0]?.stalls ?? stalls;
}

export function deleteTrial(receipt: Receipt | null): Statement | null {
  if (receipt === null) return null;
  return { name: "delete_trial", sql: "delete from trials where receipt = ?", values: [Number(receipt)] };
}

/** Forgets an earlier trial, before the event is queued again. */
export async function forgetTrial(store: Store, receipt: Receipt): Promise<void> {
  const statement = deleteTrial(receipt);
  if (statement !== null) await query({ dialect: store.dialect, knex: store.write }, statement);
}
