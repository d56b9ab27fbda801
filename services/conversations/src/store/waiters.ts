import type { Outcome, Receipt, Reply } from "@fio/contracts";
import { asRows, rowsOf, type Connection, type Statement } from "./sql.ts";

/** One request that waits for an outcome: its own receipt, and the instance of ingest that has it. */
export type Waiter = { receipt: Receipt; instance: string };

/** The outcome that an instance of ingest is to be told. */
export type WaiterReply = { instance: string; reply: Reply };

/** Of one row: a sender that repeats an event again and again must not make it grow without end. */
const MOST = 100;

/** A row's column, `null` where nobody waits. */
export const waitersFrom = (column: string | null): Waiter[] =>
  column === null ? [] : (JSON.parse(column) as Waiter[]);

/**
 * Sorts those who wait, by the outcomes of a transaction, into who goes on waiting (by the row that keeps them) and who
 * can be told. `known` are those that the rows had, by their receipts; incoming events bring more.
 */
export function sortWaiters({
  incoming,
  known,
  outcomes,
}: {
  incoming: ReadonlyArray<{ receipt: Receipt; reply?: string }>;
  known: ReadonlyMap<Receipt, readonly Waiter[]>;
  outcomes: ReadonlyMap<Receipt, Outcome>;
}): { rows: Map<Receipt, Waiter[]>; replies: WaiterReply[] } {
  const rows = new Map<Receipt, Waiter[]>();
  const replies: WaiterReply[] = [];
  const changed = new Set<Receipt>();
  const place = (from: Receipt, waiters: readonly Waiter[], isIncoming: boolean): void => {
    const own = outcomes.get(from);
    // Of a duplicate, the event that it repeats decides, and its row keeps who waits.
    const at = own?.kind === "duplicate" ? own.of : from;
    const outcome = outcomes.get(at);
    if (outcome === undefined || outcome.kind === "duplicate") return;
    if (outcome.kind === "waiting") {
      const others = (rows.get(at) ?? []).filter(
        ({ receipt }) => !waiters.some((one) => one.receipt === receipt),
      );
      rows.set(at, [...others, ...waiters].slice(-MOST));
      if (isIncoming || at !== from) changed.add(at);
    } else if (!isIncoming) {
      // Whoever comes now is told by the worker anyway.
      for (const { receipt, instance } of waiters) {
        const repeats = receipt === at ? {} : { duplicateOf: at };
        replies.push({ instance, reply: { receipt, outcome, ...repeats } });
      }
    }
  };
  for (const [receipt, waiters] of known) if (waiters.length > 0) place(receipt, waiters, false);
  for (const { receipt, reply } of incoming) {
    if (reply !== undefined) place(receipt, [{ receipt, instance: reply }], true);
  }
  return { rows: new Map([...rows].filter(([receipt]) => changed.has(receipt))), replies };
}

export function updateWaiters(
  { dialect }: Connection,
  rows: ReadonlyMap<Receipt, readonly Waiter[]>,
): Statement | null {
  if (rows.size === 0) return null;
  return {
    name: "update_waiters",
    sql: `update unapplied_events set waiters = changed.waiters
      from ${rowsOf(dialect, "changed", { receipt: "bigint", waiters: "text" })}
      where unapplied_events.receipt = changed.receipt`,
    values: [asRows([...rows].map(([receipt, waiters]) => ({ receipt, waiters: JSON.stringify(waiters) })))],
  };
}
