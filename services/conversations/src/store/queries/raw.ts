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
