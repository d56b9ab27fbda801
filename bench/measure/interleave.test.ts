import { expect, test } from "vitest";
import { cellsOf, comparisonOf } from "../plan/cells.ts";
import { interleave } from "./interleave.ts";

const groupOf = (cell: string): string => cell.charAt(0);

test("what is compared stays side by side, and who begins moves on with each round", () => {
  expect(interleave(["a1", "b1", "a2", "b2", "a3"], { rounds: 3, groupOf })).toEqual([
    ["a1", "a2", "a3", "b1", "b2"],
    ["a2", "a3", "a1", "b2", "b1"],
    ["a3", "a1", "a2", "b1", "b2"],
  ]);
});

test("each cell of the bench is measured once in each round", () => {
  const cells = cellsOf({ big: true });
  for (const round of interleave(cells, { rounds: 4, groupOf: comparisonOf })) {
    expect(round).toHaveLength(cells.length);
    expect(new Set(round)).toEqual(new Set(cells));
  }
});
