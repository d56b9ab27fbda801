import { expect, test } from "vitest";
import { table } from "./table.ts";
import { number, withRange } from "./numbers.ts";

test("writes a table as Prettier keeps it", () => {
  const rows = [
    { name: "a|b", value: 9_000 },
    { name: "longer", value: 1.234 },
  ];
  const written = table(
    [
      { title: "name", cell: ({ name }) => name },
      { title: "per second", right: true, cell: ({ value }) => number(value) },
    ],
    rows,
  );
  expect(written.split("\n")).toEqual([
    "| name   | per second |",
    "| ------ | ---------: |",
    "| a\\|b   |      9,000 |",
    "| longer |       1.23 |",
  ]);
});

test.each([
  [12_345.6, "12,346"],
  [99.96, "100"],
  [45.67, "45.7"],
  [1.5, "1.5"],
  [0, "0"],
  [null, "–"],
  [NaN, "–"],
])("writes %j as %j", (value, written) => {
  expect(number(value)).toBe(written);
});

test("a median stands before its least and its most", () => {
  expect(withRange({ median: 9_000, min: 8_700, max: 9_400 })).toBe("9,000 (8,700–9,400)");
  expect(withRange({ median: 9_000, min: 9_000, max: 9_000 })).toBe("9,000");
  expect(withRange(null)).toBe("–");
});
