import { expect, test } from "vitest";
import { receiptOf } from "@fio/contracts/receipts";
import { rowOf } from "../store/testing/row-of.ts";
import { createEar } from "./heard.ts";

const AT = 1_740_133_242_000_000;
const wrote = (id: string, second: number, fields = {}) =>
  rowOf({ id, last_received_receipt: receiptOf(AT + second * 1_000_000), ...fields });
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

test("what is there at the first look is no news, what a customer writes later is", () => {
  const hear = createEar();
  expect(hear([wrote("a", 0)])).toEqual([]);
  expect(ids(hear([wrote("a", 0), wrote("b", 1)]))).toEqual(["b"]);
  expect(ids(hear([wrote("a", 2), wrote("b", 1)]))).toEqual(["a"]);
  expect(hear([wrote("a", 2), wrote("b", 1)])).toEqual([]);
});

test("the first customer of all is news", () => {
  const hear = createEar();
  expect(hear([])).toEqual([]);
  expect(ids(hear([wrote("a", 0)]))).toEqual(["a"]);
});

test("an older conversation that is loaded as one scrolls down is no news", () => {
  const hear = createEar();
  hear([wrote("a", 100)]);
  expect(hear([wrote("a", 100), wrote("old", 20)])).toEqual([]);
  expect(ids(hear([wrote("old", 101)]))).toEqual(["old"]);
});

test("two new customers are both news, in whatever order their rows come", () => {
  const hear = createEar();
  hear([wrote("a", 0)]);
  expect(ids(hear([wrote("c", 12)]))).toEqual(["c"]);
  expect(ids(hear([wrote("b", 11)]))).toEqual(["b"]);
});

test("what is answered by the time it is heard calls nobody", () => {
  const hear = createEar();
  hear([wrote("a", 0)]);
  expect(hear([wrote("a", 5, { waiting_since: null })])).toEqual([]);
});
