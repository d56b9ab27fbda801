import { expect, test } from "vitest";
import { spanOf } from "./use-row-window.ts";

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
