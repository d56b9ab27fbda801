import type { Knex } from "knex";

/** The rows of a statement that the builder cannot say, whichever driver answers. */
export async function rawRows<Row>(
  db: Knex,
  text: string,
  bindings: Readonly<Record<string, string | number>>,
): Promise<Row[]> {
  const answer = (await db.raw(text, bindings)) as Row[] | { rows: Row[] };
  return Array.isArray(answer) ? answer : answer.rows;
}
