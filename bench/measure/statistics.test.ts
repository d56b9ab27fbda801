import { expect, test } from "vitest";
import { ratio, spreadOf } from "./statistics.ts";

test("a cell's figure is the median of its rounds, between the least and the most", () => {
  expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
});

test("a round that could not take a figure is left out; without any, there is none", () => {
  expect(spreadOf([null, 10, undefined, NaN, 30, 20])).toEqual({ median: 20, min: 10, max: 30 });
  expect(spreadOf([null, NaN])).toBeNull();
  expect(spreadOf([])).toBeNull();
});

test("what is divided by nothing says nothing", () => {
  expect(ratio(10, 4)).toBe(2.5);
  expect(ratio(10, 0)).toBeNull();
  expect(ratio(null, 4)).toBeNull();
});
