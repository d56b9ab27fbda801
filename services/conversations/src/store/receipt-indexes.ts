import type { Knex } from "knex";

/** No receipt is held by two messages, by two creations or by two closes; `unapplied_events` has it as its key. */
export const RECEIPT_INDEXES = [
  { name: "messages_receipt_unique", table: "messages", column: "receipt" },
  { name: "conversations_created_receipt_unique", table: "conversations", column: "created_receipt" },
  { name: "conversations_closed_receipt_unique", table: "conversations", column: "closed_receipt" },
] as const;

export type ReceiptIndex = (typeof RECEIPT_INDEXES)[number];

/** Of Postgres: true once all three can be used, and false, at no cost, while they are being built. */
export const RECEIPT_INDEXES_VALID = `(select count(*) = ${RECEIPT_INDEXES.length} from pg_class
  join pg_index on indexrelid = oid
  where indisvalid and relname in (${RECEIPT_INDEXES.map(({ name }) => `'${name}'`).join(", ")}))`;

/** Runs a statement and gives its rows. */
export type Run = (sql: string) => Promise<Array<Record<string, unknown>>>;

/** How a transaction of Knex runs statements, on either database. */
export function runIn(knex: Knex): Run {
  return async (sql) => {
    const answer = (await knex.raw(sql)) as { rows?: unknown[] } | unknown[];
    return (Array.isArray(answer) ? answer : (answer.rows ?? [])) as Array<Record<string, unknown>>;
  };
}

/**
 * Receipts that were given twice before there were these indexes: all but one of the rows get the next number that
 * nobody has. Their order among others stays as it was.
 */
export async function giveOwnReceipts(run: Run, { table, column }: ReceiptIndex): Promise<number> {
  const rows = await run(`select cast(id as text) as id, cast(${column} as text) as receipt from ${table}
    where ${column} in (select ${column} from ${table} where ${column} is not null group by ${column} having count(*) > 1)
    order by ${column}, id`);
  let before = "";
  let moved = 0;
  for (const { id, receipt } of rows as Array<{ id: string; receipt: string }>) {
    const isFirst = receipt !== before;
    before = receipt;
    if (isFirst) continue;
    let free = BigInt(receipt) + 1n;
    while ((await run(`select 1 as one from ${table} where ${column} = ${free} limit 1`)).length > 0)
      free += 1n;
    await run(`update ${table} set ${column} = ${free} where id = '${id}'`);
    moved += 1;
  }
  return moved;
}
