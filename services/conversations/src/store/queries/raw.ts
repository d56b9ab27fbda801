import type { Knex } from "knex";
import type { Dialect } from "../connect.ts";

/** The rows of a statement that the builder cannot say, whichever driver answers. */
export async function rawRows<Row>(
  db: Knex,
  text: string,
  bindings: Readonly<Record<string, string | number>>,
): Promise<Row[]> {
  const answer = (await db.raw(text, bindings)) as Row[] | { rows: Row[] };
  return Array.isArray(answer) ? answer : answer.rows;
}

export const dialectOf = (db: Knex): Dialect =>
  (db.client as { config: Knex.Config }).config.client === "pg" ? "postgres" : "sqlite";

/**
 * Reads pages in the order of their indexes. Where Postgres takes many rows for a few it would read all there are, and sort
 * them. Throws what `read` throws.
 */
export async function inIndexOrder<Value>(db: Knex, read: (ordered: Knex) => Promise<Value>): Promise<Value> {
  if (dialectOf(db) === "sqlite") return read(db);
  return db.transaction(async (transaction) => {
    const settings = ["enable_sort", "enable_incremental_sort"].map(
      (name) => `set_config('${name}', 'off', true)`,
    );
    await transaction.raw(`select ${settings.join(", ")}`);
    return read(transaction);
  });
}
