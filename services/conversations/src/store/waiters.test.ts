import { expect, test } from "vitest";
import type { Outcome, Receipt } from "@fio/contracts";
import { storyOf } from "./testing/fixture.ts";
import { sortWaiters, type Waiter } from "./waiters.ts";

const { message, under } = storyOf();
const waiter = (receipt: number, instance = "a"): Waiter => ({ receipt: under(receipt), instance });
const outcomes = (given: Record<number, Outcome>): Map<Receipt, Outcome> =>
  new Map(Object.entries(given).map(([receipt, outcome]) => [under(Number(receipt)), outcome]));
const waiting: Outcome = { kind: "waiting" };
const applied: Outcome = { kind: "applied" };

test("the row of what waits for its conversation keeps who waits", () => {
  const { rows, replies } = sortWaiters({
    incoming: [{ ...message(2), reply: "a" }, message(3)],
    known: new Map(),
    outcomes: outcomes({ 2: waiting, 3: waiting }),
  });
  expect([...rows]).toEqual([[under(2), [waiter(2)]]]);
  expect(replies).toEqual([]);
});

test("whoever repeats what waits is kept beside the first, once for each receipt", () => {
  const { rows } = sortWaiters({
    incoming: [{ ...message(5), reply: "b" }],
    known: new Map([[under(2), [waiter(2), waiter(5, "b")]]]),
    outcomes: outcomes({ 2: waiting, 5: { kind: "duplicate", of: under(2) } }),
  });
  expect([...rows]).toEqual([[under(2), [waiter(2), waiter(5, "b")]]]);
});

test("once it has its outcome all who waited are told, each under its own receipt", () => {
  const { rows, replies } = sortWaiters({
    incoming: [],
    known: new Map([[under(2), [waiter(2), waiter(5, "b")]]]),
    outcomes: outcomes({ 2: applied }),
  });
  expect(rows.size).toBe(0);
  expect(replies).toEqual([
    { instance: "a", reply: { receipt: under(2), outcome: applied } },
    { instance: "b", reply: { receipt: under(5), outcome: applied, duplicateOf: under(2) } },
  ]);
});

test("who waits goes over to the row of an equal event with a lower receipt", () => {
  const { rows } = sortWaiters({
    incoming: [{ ...message(1), reply: "b" }],
    known: new Map([[under(2), [waiter(2)]]]),
    outcomes: outcomes({ 1: waiting, 2: { kind: "duplicate", of: under(1) } }),
  });
  expect([...rows]).toEqual([[under(1), [waiter(2), waiter(1, "b")]]]);
});

test("a sender that repeats an event again and again does not make its row grow without end", () => {
  const known = new Map([[under(2), Array.from({ length: 100 }, (_, index) => waiter(index + 10))]]);
  const { rows } = sortWaiters({
    incoming: [{ ...message(500), reply: "b" }],
    known,
    outcomes: outcomes({ 2: waiting, 500: { kind: "duplicate", of: under(2) } }),
  });
  expect(rows.get(under(2))).toHaveLength(100);
  expect(rows.get(under(2))?.at(-1)).toEqual(waiter(500, "b"));
});
