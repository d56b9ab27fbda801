import type { Knex } from "knex";
import { RECEIPT_INDEXES, giveOwnReceipts, runIn } from "../receipt-indexes.ts";

/** A table of more rows is indexed beside the writes to it, by a worker: see build-receipt-indexes.ts. */
const FEW_ROWS = 50_000;

/** A receipt belongs to one event: two different ones under one are never taken for one. */
export async function up(knex: Knex): Promise<void> {
  const run = runIn(knex);
  const isPostgres = (knex.client as { config: Knex.Config }).config.client === "pg";
  if (!isPostgres) await run("drop index messages_receipt_index");
  for (const index of RECEIPT_INDEXES) {
    const { name, table, column } = index;
    if (isPostgres) {
      const [many] = await run(`select 1 as one from ${table} offset ${FEW_ROWS} limit 1`);
      if (many !== undefined) continue;
    }
    await giveOwnReceipts(run, index);
    await run(`create unique index ${name} on ${table} (${column})`);
  }
}

export async function down(knex: Knex): Promise<void> {
  const run = runIn(knex);
  for (const { name } of RECEIPT_INDEXES) await run(`drop index if exists ${name}`);
  const isPostgres = (knex.client as { config: Knex.Config }).config.client === "pg";
  if (!isPostgres) await run("create index messages_receipt_index on messages (receipt)");
}
