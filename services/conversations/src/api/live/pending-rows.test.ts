import { expect, test } from "vitest";
import type { ChangedRow } from "./entry.ts";
import { createPendingRows } from "./pending-rows.ts";

const row = (id: string, version: number): ChangedRow => ({
  id,
  version,
  text: "",
  position: "1-0",
  isListed: id !== "refusals",
});
const names = (rows: ChangedRow[]): string[] => rows.map(({ id, version }) => `${id}${version}`);

test("for each conversation only the latest row waits, the most recent goes first, the rest next time", () => {
  const rows = createPendingRows();
  for (const one of [row("a", 1), row("b", 1), row("c", 1), row("a", 2)]) rows.add(one);
  expect(rows.size).toBe(3);
  expect(names(rows.take(2))).toEqual(["a2", "c1"]);
  rows.add(row("d", 1));
  expect(names(rows.take(2))).toEqual(["d1", "b1"]);
  expect(names(rows.take(2))).toEqual([]);
});

test("a row that is announced after a newer one does not take its place", () => {
  const rows = createPendingRows();
  rows.add(row("a", 7));
  rows.add(row("a", 6));
  rows.add(row("a", 7));
  expect(names(rows.take(10))).toEqual(["a7"]);
});

test("when too many wait those that changed last stay, and what is no row of a list", () => {
  const rows = createPendingRows();
  for (const id of ["refusals", "a", "b", "c", "d"]) rows.add(row(id, 1));
  rows.add(row("a", 2));
  expect(names(rows.shed(2))).toEqual(["b1", "c1"]);
  expect(names(rows.take(10))).toEqual(["a2", "d1", "refusals1"]);
  expect(rows.shed(2)).toEqual([]);
});
