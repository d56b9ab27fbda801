import { expect, test } from "vitest";
import { isSchemaFault, isTransient, needsNewConnection } from "./faults.ts";

const coded = (code: string, message = "…"): Error => Object.assign(new Error(message), { code });

test.each([
  "ECONNREFUSED",
  "ECONNRESET",
  "40001",
  "40P01",
  "53100",
  "53300",
  "55P03",
  "57P01",
  "57P03",
  "08006",
  "25P03",
  "28P01",
  "SQLITE_BUSY",
  "SQLITE_BUSY_SNAPSHOT",
  "SQLITE_FULL",
  "SQLITE_IOERR_WRITE",
])("%s passes, or someone sets it right", (code) => {
  expect(isTransient(coded(code))).toBe(true);
});

test.each([
  "Connection terminated unexpectedly",
  "Client has encountered a connection error and is not queryable",
  "Query read timeout",
  "timeout expired",
  "Knex: Timeout acquiring a connection. The pool is probably full.",
])("so does: %s", (message) => {
  expect(isTransient(new Error(message))).toBe(true);
});

test.each([
  "22P05",
  "22P02",
  "23505",
  "54000",
  "42601",
  "SQLITE_CONSTRAINT_UNIQUE",
  "SQLITE_TOOBIG",
  "SQLITE_ERROR",
])("%s is a fault of its own", (code) => {
  expect(isTransient(coded(code, "Connection terminated"))).toBe(false);
});

test.each([
  ["42703", 'column "place" does not exist'],
  ["42P01", 'relation "outbox" does not exist'],
  ["42883", "function unaccent(text) does not exist"],
  ["26000", 'prepared statement "fio_begin" does not exist'],
  ["0A000", "cached plan must not change result type"],
  ["SQLITE_ERROR", "select `place` from `messages` - no such column: place"],
  ["SQLITE_ERROR", "insert into outbox - no such table: outbox"],
  ["SQLITE_ERROR", "table messages has no column named place"],
])("a schema that does not fit (%s: %s) passes, and is asked again on a new connection", (code, message) => {
  const fault = coded(code, message);
  expect([isTransient(fault), isSchemaFault(fault), needsNewConnection(fault)]).toEqual([true, true, true]);
});

test("a server that only reads any more is left for a new connection, and is no fault of the schema", () => {
  const fault = coded("25006", "cannot execute INSERT in a read-only transaction");
  expect([isTransient(fault), isSchemaFault(fault), needsNewConnection(fault)]).toEqual([true, false, true]);
});

test.each([
  ["0A000", "COLLATE is not supported"],
  ["SQLITE_ERROR", 'near "slect": syntax error'],
])("another fault under the same code (%s: %s) is a fault of its own", (code, message) => {
  const fault = coded(code, message);
  expect([isTransient(fault), isSchemaFault(fault), needsNewConnection(fault)]).toEqual([
    false,
    false,
    false,
  ]);
});

test("a bug is a fault of its own", () => {
  expect(isTransient(new TypeError("cannot read properties of undefined"))).toBe(false);
  expect(isTransient("thrown")).toBe(false);
});
