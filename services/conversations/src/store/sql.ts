import { setImmediate as nextTurn } from "node:timers/promises";
import type { Knex } from "knex";
import type { Dialect } from "./connect.ts";

/** A transaction, or a pool for statements that stand alone. */
export type Connection = { dialect: Dialect; knex: Knex };

/** One of a fixed set: its name is what Postgres keeps the prepared statement under. */
export type Statement = { name: string; sql: string; values: readonly unknown[] };

/** Runs one statement and gives the rows it returns. */
export async function query<Row>(
  { dialect, knex }: Connection,
  { name, sql, values }: Statement,
): Promise<Row[]> {
  const raw = knex.raw(sql, values as Knex.RawBinding[]);
  const result: unknown = await (dialect === "postgres" ? raw.options({ name: `fio_${name}` }) : raw);
  // Postgres answers with a result, SQLite with rows, or with a count where a statement returns none.
  const rows = dialect === "postgres" ? (result as { rows: Row[] }).rows : result;
  return Array.isArray(rows) ? (rows as Row[]) : [];
}

/**
 * Runs statements in their order, none of which needs another's answer: one round trip on Postgres, whose
 * connection sends them all before it reads the first answer.
 */
export async function together(
  connection: Connection,
  statements: ReadonlyArray<Statement | null>,
): Promise<unknown[][]> {
  if (connection.dialect === "postgres") {
    return Promise.all(statements.map(async (one) => (one === null ? [] : query(connection, one))));
  }
  const answers: unknown[][] = [];
  for (const one of statements) {
    answers.push(one === null ? [] : await query(connection, one));
    // Each holds up the whole process while it runs: between two of them others get their turn, readers and locks.
    if (one !== null) await nextTurn();
  }
  return answers;
}

export type ColumnType = "uuid" | "text" | "bigint" | "integer";

/** SQL for a table whose rows are the objects of a JSON array, bound to its one `?` by {@link asRows}. */
export function rowsOf(dialect: Dialect, alias: string, columns: Record<string, ColumnType>): string {
  const names = Object.entries(columns);
  if (dialect === "postgres") {
    return `json_to_recordset(?::json) as ${alias}(${names.map(([name, type]) => `${name} ${type}`).join(", ")})`;
  }
  const read = names.map(([name, type]) => {
    const value = `json_extract(value, '$.${name}')`;
    return `${type === "bigint" ? `cast(${value} as integer)` : value} as ${name}`;
  });
  return `(select ${read.join(", ")} from json_each(?)) as ${alias}`;
}

export const asRows = (rows: readonly object[]): string => JSON.stringify(rows);

/** SQL that holds for the values of a list, bound to its one `?` by {@link asList}. */
export function among(dialect: Dialect, column: string, type: ColumnType): string {
  return dialect === "postgres"
    ? `${column} = any(?::${type}[])`
    : `${column} in (select ${type === "bigint" ? "cast(value as integer)" : "value"} from json_each(?))`;
}

/** Of ids, receipts and hashes, which need no quotes: written in one go, not value by value as the driver does. */
export const asList = (dialect: Dialect, values: readonly string[]): string =>
  dialect === "postgres" ? `{${values.join(",")}}` : JSON.stringify(values);
