import { expect, test } from "vitest";
import { createTakenUpTo } from "./taken-up-to.ts";

test("an old backlog holds the time up to which all is applied; a young one or none does not", () => {
  let now = 100_000;
  const taken = createTakenUpTo(() => now);
  expect(taken.at()).toBe(100_000);
  taken.note({ oldestMs: 60_000 });
  now += 500;
  expect(taken.at()).toBe(40_000);
  taken.note({ oldestMs: 50 });
  expect(taken.at()).toBe(100_500);
  taken.note({ oldestMs: null });
  now += 1_000;
  expect(taken.at()).toBe(101_500);
});

test("while the queue cannot be read, the time stands where it was read last", () => {
  let now = 100_000;
  const taken = createTakenUpTo(() => now);
  taken.note({ oldestMs: null });
  now += 60_000;
  expect(taken.at()).toBe(100_000);
  taken.note({ oldestMs: 100 });
  expect(taken.at()).toBe(160_000);
});
