import { expect, test } from "vitest";
import type { ConversationRow } from "@fio/contracts";
import { counted, countText, filterOf, visibleRows } from "./list.ts";
import { atMinute, rowOf } from "./testing/row-of.ts";

const row = (id: string, minute: number, state: "OPEN" | "CLOSED" = "OPEN"): ConversationRow =>
  rowOf({ id, state, activity_at: atMinute(minute) });
const waits = (id: string, minute: number | null, fields: Partial<ConversationRow> = {}): ConversationRow =>
  rowOf({ id, waiting_since: minute === null ? null : atMinute(minute), ...fields });
const ids = (rows: readonly ConversationRow[]) => rows.map(({ id }) => id);
const all = { last: null, next: null };

test("the newest activity is first, and each filter shows its state", () => {
  const rows = [row("a", 1), row("b", 3), row("c", 2, "CLOSED")];
  expect(ids(visibleRows(rows, "open", all))).toEqual(["b", "a"]);
  expect(ids(visibleRows(rows, "closed", all))).toEqual(["c"]);
  expect(ids(visibleRows(rows, "all", all))).toEqual(["b", "c", "a"]);
});

test("of those who wait the longest wait is first, and who is answered is not among them", () => {
  const rows = [waits("a", 5), waits("answered", null), waits("b", 2), waits("c", 5)];
  expect(ids(visibleRows(rows, "waiting", all))).toEqual(["b", "a", "c"]);
});

test("who wrote after the close waits too", () => {
  const rows = [
    waits("a", 5),
    waits("late", 3, { state: "CLOSED" }),
    waits("closed", null, { state: "CLOSED" }),
  ];
  expect(ids(visibleRows(rows, "waiting", all))).toEqual(["late", "a"]);
});

test("a conversation below what is loaded stays hidden, since those in between are not known", () => {
  const rows = [row("a", 9), row("b", 5), row("old", 1)];
  expect(ids(visibleRows(rows, "open", { last: row("b", 5), next: "cursor=x" }))).toEqual(["a", "b"]);
  expect(ids(visibleRows(rows, "open", { last: row("b", 5), next: null }))).toEqual(["a", "b", "old"]);
  const waiting = [waits("a", 1), waits("b", 5), waits("new", 9)];
  expect(ids(visibleRows(waiting, "waiting", { last: waits("b", 5), next: "cursor=x" }))).toEqual(["a", "b"]);
});

test("the list is of those open, unless another is named", () => {
  expect(["waiting", "closed", "all", null, "", "nonsense"].map(filterOf)).toEqual([
    "waiting",
    "closed",
    "all",
    "open",
    "open",
    "open",
  ]);
});

test("up to 99 are counted", () => {
  expect([0, 1, 99, 100, 5_000].map((count) => countText(counted(count)))).toEqual([
    "",
    "1",
    "99",
    "99+",
    "99+",
  ]);
});
