import { expect, test } from "vitest";
import type { ConversationRow, Timestamp } from "@fio/contracts";
import { heldOrder, visibleRows } from "./list.ts";

const row = (id: string, minute: number, state: "OPEN" | "CLOSED" = "OPEN"): ConversationRow => ({
  id,
  state,
  created_at: "2026-05-14T12:00:00.000000Z" as Timestamp,
  closed_at: null,
  version: 1,
  message_count: 1,
  activity_at: `2026-05-14T12:${String(minute).padStart(2, "0")}:00.000000Z` as Timestamp,
  last_message_at: `2026-05-14T12:${String(minute).padStart(2, "0")}:00.000000Z` as Timestamp,
  last_message_preview: "",
  last_message_direction: "RECEIVED",
  waiting_since: null,
  last_received_receipt: null,
});
const ids = (rows: readonly ConversationRow[]) => rows.map(({ id }) => id);
const all = { last: null, next: null };

test("the newest activity is first, and each filter shows its state", () => {
  const rows = [row("a", 1), row("b", 3), row("c", 2, "CLOSED")];
  expect(ids(visibleRows(rows, "open", all))).toEqual(["b", "a"]);
  expect(ids(visibleRows(rows, "closed", all))).toEqual(["c"]);
  expect(ids(visibleRows(rows, "all", all))).toEqual(["b", "c", "a"]);
});

test("a conversation below what is loaded stays hidden, since those in between are not known", () => {
  const rows = [row("a", 9), row("b", 5), row("old", 1)];
  expect(ids(visibleRows(rows, "open", { last: row("b", 5), next: "cursor=x" }))).toEqual(["a", "b"]);
  expect(ids(visibleRows(rows, "open", { last: row("b", 5), next: null }))).toEqual(["a", "b", "old"]);
});

test("while the order is held rows change in place, and those that are gone go", () => {
  expect(ids(heldOrder(["a", "b", "c"], [row("c", 9), row("a", 1), row("new", 10)]))).toEqual(["a", "c"]);
});
