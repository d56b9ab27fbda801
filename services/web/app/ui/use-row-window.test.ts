import { expect, test } from "vitest";
import { movedBy, spanOf } from "./use-row-window.ts";

test("every row in view is drawn, with some beyond, and none that does not exist", () => {
  for (const count of [0, 1, 10, 500]) {
    for (let top = 0; top <= Math.max(0, count * 62 - 700); top += 37) {
      const { from, to } = spanOf({ top, height: 700, row: 62, count });
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(count);
      expect(from).toBeLessThanOrEqual(Math.max(0, Math.floor(top / 62) - 11));
      expect(to).toBeGreaterThanOrEqual(Math.min(count, Math.ceil((top + 700) / 62)));
      expect(to - from).toBeLessThan(60);
    }
  }
});

test("what is in view moves with most of it, whatever comes, leaves or goes to the top", () => {
  const view = { ids: ["d", "e", "f"], from: 3 };
  expect(movedBy(view, ["a", "b", "c", "d", "e", "f", "g"])).toBe(0);
  expect(movedBy(view, ["y", "z", "a", "b", "c", "d", "e", "f"])).toBe(2);
  expect(movedBy(view, ["d", "a", "b", "c", "e", "f"])).toBe(0);
  expect(movedBy(view, ["a", "c", "e", "f"])).toBe(-2);
  expect(movedBy(view, ["d", "y", "a", "b", "c", "e", "f"])).toBe(1);
  expect(movedBy(view, [])).toBe(0);
});
