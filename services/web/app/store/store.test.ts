import { expect, test } from "vitest";
import type { ConversationRow } from "@fio/contracts";
import { createStore } from "./store.ts";
import { atMinute, rowOf } from "./testing/row-of.ts";

const waits = (id: string, minute: number | null, version = 1): ConversationRow =>
  rowOf({ id, version, waiting_since: minute === null ? null : atMinute(minute) });
const page = (rows: ConversationRow[], next: string | null = null) => ({ rows, next });
const heard = (...rows: ConversationRow[]) =>
  rows.map((conversation) => ({ event: "conversation" as const, conversation }));
const ids = (rows: readonly ConversationRow[]) => rows.map(({ id }) => id);
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => waits(`c${String(from + n).padStart(4, "0")}`, 1));

test("who waits is counted by the server until the rows are there, and by the rows from then on", () => {
  const store = createStore();
  expect(store.waiting()).toBeNull();
  store.seedCount({ count: 2, more: false });
  expect(store.waiting()).toBe("2");
  expect(store.wantsWaiting()).toBe("first");
  store.seedList("waiting", page([waits("a", 1), waits("b", 2)]), { first: true });
  expect(store.wantsWaiting()).toBeNull();
  store.apply(heard(waits("c", 3)));
  expect(store.waiting()).toBe("3");
  store.apply(heard(waits("a", null, 2), waits("b", null, 2), waits("c", null, 2)));
  expect(store.waiting()).toBe("");
});

test("with more than are counted it says so, and as they are answered it asks for those that follow", () => {
  const store = createStore();
  store.seedList("waiting", page(many(100), "cursor=x"), { first: true });
  expect(store.waiting()).toBe("99+");
  expect(store.wantsWaiting()).toBeNull();
  store.apply(heard(waits("c0000", null, 2)));
  expect(store.wantsWaiting()).toBe("next");
  store.seedList("waiting", page(many(5, 100)), { first: false });
  expect(store.wantsWaiting()).toBeNull();
  expect(store.waiting()).toBe("99+");
  store.apply(heard(...many(5).map((row) => ({ ...row, waiting_since: null, version: 3 }))));
  expect(store.waiting()).toBe("99+");
  store.apply(heard(...many(20).map((row) => ({ ...row, waiting_since: null, version: 4 }))));
  expect(store.waiting()).toBe("85");
});

test("after a reset a row that is in no new page has left the list, though nothing was heard of it", () => {
  const store = createStore();
  store.seedList("waiting", page([waits("a", 1), waits("b", 2)]), { first: true });
  store.reset();
  expect(store.wantsWaiting()).toBe("first");
  expect(ids(store.list("waiting"))).toEqual(["a", "b"]);
  store.seedList("waiting", page([waits("b", 2)]), { first: true });
  expect(ids(store.list("waiting"))).toEqual(["b"]);
  expect(store.waiting()).toBe("1");
});

test("a reset of one list leaves the others as they are until they are loaded anew", () => {
  const store = createStore();
  store.seedList("open", page([waits("a", null), waits("b", null)]), { first: true });
  store.reset();
  store.seedList("waiting", page([]), { first: true });
  expect(ids(store.list("open")).sort()).toEqual(["a", "b"]);
});

test("who waits longest is not forgotten when thousands of newer conversations come", () => {
  const store = createStore();
  store.seedList("waiting", page([waits("first", 0)]), { first: true });
  store.apply(
    heard(
      ...Array.from({ length: 6_000 }, (_, n) =>
        rowOf({ id: `n${n}`, waiting_since: null, activity_at: atMinute(30) }),
      ),
    ),
  );
  expect(store.row("first")).toBeDefined();
  expect(store.row("n0")).toBeUndefined();
});

test("when changes of rows were left out lists are read again, and threads stay as they are", () => {
  const store = createStore();
  store.seedList("open", page([waits("c", null), waits("b", null), waits("a", null)], "cursor=x"), {
    first: true,
  });
  store.seedList("waiting", page([]), { first: true });
  expect(store.isFresh("open")).toBe(true);
  store.skipped();
  expect(store.isFresh("open")).toBe(false);
  expect(store.wantsWaiting()).toBe("first");
  expect(ids(store.list("open"))).toEqual(["c", "b", "a"]);
  store.apply(heard(waits("a", null, 2)));
  store.seedList("open", page([waits("c", null)], "cursor=y"), { first: true });
  expect(store.isFresh("open")).toBe(true);
  expect(store.horizon("open")?.next).toBe("cursor=y");
  expect(ids(store.list("open"))).not.toContain("b");
});

test("where messages were carried from is known however the thread was opened", () => {
  const from = [{ conversation_id: "b", receipts: [] }];
  const opened = createStore();
  opened.openAt({ ...rowOf(), messages: [], carried_from: from }, { older: null, newer: null });
  const seeded = createStore();
  seeded.seedThread({ ...rowOf(), messages: [], carried_from: from }, null);
  for (const store of [opened, seeded]) expect(store.carriedFrom("a")).toEqual(from);
});

test("nothing of a conversation that was erased is shown again, whatever was still on its way", () => {
  const store = createStore();
  store.seedList("waiting", page([waits("a", 1), waits("b", 2)]), { first: true });
  store.seedThread({ ...waits("a", 1), messages: [] }, null);
  store.forget("a");
  expect([store.row("a"), store.thread("a"), store.isErased("a")]).toEqual([undefined, undefined, true]);
  store.apply(heard(waits("a", 3, 9)));
  store.seedList("waiting", page([waits("a", 1, 2), waits("b", 2)]), { first: true });
  store.seedThread({ ...waits("a", 1, 2), messages: [] }, null);
  expect([store.row("a"), store.thread("a")]).toEqual([undefined, undefined]);
  expect(ids(store.list("waiting"))).toEqual(["b"]);
  expect(store.isErased("b")).toBe(false);
});
