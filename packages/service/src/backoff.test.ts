import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const slow = { firstMs: 100, longestMs: 1_000 };

test("each failure doubles the wait, up to a limit", () => {
  const waits = [1, 2, 3, 4, 5, 500].map((failures) => backoffMs(failures, slow, () => 1));
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("half of the wait is left to chance", () => {
  expect(backoffMs(3, slow, () => 0)).toBe(200);
});
