import { expect, test } from "vitest";
import { gathered } from "./gathered.ts";

test("one change is drawn at once, many within a frame are drawn once more, and the next alone at once again", () => {
  let drawn = 0;
  const frames: Array<() => void> = [];
  const draw = gathered(
    () => (drawn += 1),
    (run) => frames.push(run),
  );
  const frame = (): void => frames.shift()?.();
  draw();
  expect(drawn).toBe(1);
  draw();
  draw();
  expect(drawn).toBe(1);
  frame();
  expect(drawn).toBe(2);
  frame();
  expect(drawn).toBe(2);
  draw();
  expect(drawn).toBe(3);
});
