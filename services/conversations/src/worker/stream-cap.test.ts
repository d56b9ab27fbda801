import { expect, test } from "vitest";
import { CHANGES_KEPT } from "@fio/contracts";
import { createStreamCap } from "./stream-cap.ts";

test("small entries are kept in full number", () => {
  const keptAt = createStreamCap();
  expect(keptAt(400)).toBe(CHANGES_KEPT);
});

test("large ones are kept as far as they fit, whatever came before", () => {
  const keptAt = createStreamCap();
  keptAt(400);
  const kept = Array.from({ length: 200 }, () => keptAt(256 * 1024)).at(-1) ?? 0;
  expect(kept * 256 * 1024).toBeLessThan(80 * 1024 * 1024);
  expect(kept).toBeGreaterThanOrEqual(200);
});

test("a single large one does not cost the others their place", () => {
  const keptAt = createStreamCap();
  for (let index = 0; index < 100; index += 1) keptAt(400);
  expect(keptAt(64 * 1024)).toBeGreaterThan(10_000);
});
