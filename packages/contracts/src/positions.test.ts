import { expect, test } from "vitest";
import { announcedAt, comparePositions, laterOf } from "./positions.ts";

test("positions are compared as numbers, the sequence after the time", () => {
  const inOrder = [
    "0-0",
    "9-10",
    "10-2",
    "10-10",
    "1740133242349-0",
    "18446744073709551615-18446744073709551615",
  ];
  for (const [i, a] of inOrder.entries()) {
    for (const [j, b] of inOrder.entries()) expect(Math.sign(comparePositions(a, b))).toBe(Math.sign(i - j));
  }
  expect(laterOf("10-10", "10-2")).toBe("10-10");
  expect(laterOf("9-9", "10-2")).toBe("10-2");
});

test("a position tells when it was announced", () => {
  expect(announcedAt("1740133242349-7")).toBe(1_740_133_242_349);
});
