import type { Knex } from "knex";
import { dialectOf } from "./raw.ts";

/** Rows of an index that begins with `columns` and goes on with the receipt; `values` are literals or names of bindings. */
type Range = { columns: readonly string[]; values: readonly string[] };

/** What to put after `where`, with its order. */
type RangeSql = string;

/*
 * Said with `=` and `order by receipt`, such rows also lie in the index by receipt alone in the right order, and where
 * Postgres takes the values for common it walks that one and passes over whatever is newer. Said by comparing rows, only the index has
 * the order. SQLite prefers the index with the most columns that are equal, and of a compared row sees only the first.
 */

/** Those with receipts below `below`, newest first. */
export const newestBelow = (db: Knex, range: Range & { below: string }): RangeSql =>
  inIndex(db, range, { beyond: "<", from: ">=", receipt: range.below, direction: "desc" });

/** All, oldest first. */
export const oldestFirst = (db: Knex, range: Range): RangeSql =>
  inIndex(db, range, { beyond: ">", from: "<=", receipt: "0", direction: "asc" });

function inIndex(
  db: Knex,
  { columns, values }: Range,
  {
    beyond,
    from,
    receipt,
    direction,
  }: { beyond: "<" | ">"; from: "<=" | ">="; receipt: string; direction: "asc" | "desc" },
): RangeSql {
  if (dialectOf(db) === "sqlite" || columns.length === 0) {
    const equal = columns.map((column, index) => `${column} = ${values[index]} and `).join("");
    return `${equal}receipt ${beyond} ${receipt} order by receipt ${direction}`;
  }
  const all = [...columns, "receipt"];
  return `(${all.join(", ")}) ${beyond} (${[...values, receipt].join(", ")})
    and (${columns.join(", ")}) ${from} (${values.join(", ")})
    order by ${all.map((column) => `${column} ${direction}`).join(", ")}`;
}
