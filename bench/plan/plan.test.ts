import { expect, test } from "vitest";
import { cellsOf } from "./cells.ts";
import { cellName } from "./names.ts";
import { readOptions } from "./options.ts";

test("every cell has a name of its own", () => {
  const names = cellsOf({ big: true }).map(cellName);
  expect(new Set(names).size).toBe(names.length);
});

test("without options: three rounds, and no store that takes an hour to fill", () => {
  expect(readOptions([])).toMatchObject({ short: false, rounds: 3, filled: 0, only: undefined });
});

test("the short form is one round, with a small filled store, so that every cell runs", () => {
  const options = readOptions(["--short"]);
  expect(options).toMatchObject({ short: true, rounds: 1, filled: 20_000 });
});

test("takes what it is told", () => {
  expect(readOptions(["--big", "--rounds", "5", "--only", "hot", "--out", "x"])).toMatchObject({
    filled: 10_000_000,
    rounds: 5,
    only: "hot",
    out: "x",
  });
  expect(readOptions(["--big", "--messages", "500000"])).toMatchObject({ filled: 500_000 });
});

test("refuses what it does not know, and numbers that are none", () => {
  expect(() => readOptions(["--fast"])).toThrow();
  expect(() => readOptions(["--rounds", "0"])).toThrow("--rounds");
  expect(() => readOptions(["--rounds", "some"])).toThrow("--rounds");
});
