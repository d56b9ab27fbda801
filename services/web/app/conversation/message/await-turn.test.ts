import { expect, test } from "vitest";
import { awaitTurn } from "./await-turn.ts";

test("two go at a time, the next one when one ends, and one that gave up never", () => {
  const gone: number[] = [];
  const [first, second, third, fourth] = [1, 2, 3, 4].map((number) => awaitTurn(() => gone.push(number)));
  expect(gone).toEqual([1, 2]);
  third?.();
  first?.();
  first?.();
  expect(gone).toEqual([1, 2, 4]);
  second?.();
  fourth?.();
  awaitTurn(() => gone.push(5))();
  expect(gone).toEqual([1, 2, 4, 5]);
});
