import { expect, test } from "vitest";
import { rowOf } from "../store/testing/row-of.ts";
import { heldOrder, heldRows } from "./held-order.ts";

const rows = (ids: string) => Array.from(ids).map((id) => rowOf({ id }));
const held = (ids: string) => Array.from(ids);

test.each([
  ["nothing has changed", "abc", "abc", { ids: "abc", added: 0, moved: false }],
  ["a new one above is held back", "abc", "nabc", { ids: "abc", added: 1, moved: false }],
  ["two in between are held back", "abc", "anbmc", { ids: "abc", added: 2, moved: false }],
  ["one below all moves nothing, and comes", "abc", "abcn", { ids: "abcn", added: 0, moved: false }],
  ["one that would move up stays", "abc", "cab", { ids: "abc", added: 0, moved: true }],
  ["one that has left keeps its place", "abc", "ac", { ids: "abc", added: 0, moved: false }],
  ["all have left", "ab", "", { ids: "ab", added: 0, moved: false }],
  ["an empty list fills", "", "n", { ids: "n", added: 0, moved: false }],
])("%s", (_what, order, now, { ids, ...others }) => {
  expect(heldOrder(held(order), rows(now))).toEqual({ ids: Array.from(ids), ...others });
});

test("what came below keeps its place too", () => {
  const { ids } = heldOrder(held("ab"), rows("abn"));
  expect(heldOrder(ids, rows("nab")).ids).toEqual(held("abn"));
});

test("a row that has left the list is shown as what it is now, in its place", () => {
  const closed = rowOf({ id: "b", state: "CLOSED" });
  expect(heldRows(held("abc"), rows("ac"), (id) => (id === "b" ? closed : undefined))).toEqual([
    { row: rowOf({ id: "a" }), gone: false },
    { row: closed, gone: true },
    { row: rowOf({ id: "c" }), gone: false },
  ]);
});
