import { expect, test } from "vitest";
import { isTransient } from "./faults.ts";

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
  "42P01",
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

test("a bug is a fault of its own", () => {
  expect(isTransient(new TypeError("cannot read properties of undefined"))).toBe(false);
  expect(isTransient("thrown")).toBe(false);
});
