import { expect, test } from "vitest";
import { poolTransactions, splitPooled } from "./pooled-transactions.ts";

/** What a connection sends when it is asked to send these. */
function sent(texts: string[], { alone }: { alone: boolean }): unknown[] {
  const all: unknown[] = [];
  const connection = { query: (statement: unknown) => all.push(statement) };
  poolTransactions(connection, { settings: { enable_seqscan: "off" }, alone });
  const query = connection.query as (statement: unknown, done: () => void) => void;
  for (const text of texts) query({ text, name: "fio_name", values: [] }, () => {});
  return all.map((one) => (typeof one === "string" ? one : (one as { text: string }).text));
}
const SET = "select set_config('enable_seqscan', 'off', true)";

test("an address says whether it leads to PgBouncer; Postgres does not hear of it", () => {
  expect(splitPooled("postgres://a:b@c/d?sslmode=require&pgbouncer=true")).toEqual({
    url: "postgres://a:b@c/d?sslmode=require",
    pooled: true,
  });
  expect(splitPooled("postgres://c/d?pgbouncer=false")).toEqual({ url: "postgres://c/d", pooled: false });
  expect(splitPooled("postgres://c/d?sslmode=require").pooled).toBe(false);
});

test("settings go with each transaction; a savepoint neither begins nor ends one", () => {
  const texts = ["BEGIN;", "savepoint one", "rollback to one", "select 1", "COMMIT;", "BEGIN;", "ROLLBACK;"];
  const expected = ["BEGIN;", SET, ...texts.slice(1, 6), SET, "ROLLBACK;"];
  expect(sent(texts, { alone: false })).toEqual(expected);
  expect(sent(texts, { alone: true })).toEqual(expected);
});

test("a read that stands alone gets a transaction, a write does not", () => {
  expect(sent(["select 1"], { alone: true })).toEqual(["begin read only", SET, "select 1", "commit"]);
  expect(sent(["delete from outbox"], { alone: false })).toEqual(["delete from outbox"]);
});
