import { expect, test } from "vitest";
import { rowOf } from "../store/testing/row-of.ts";
import { nextWaiting } from "./next-waiting.ts";

const next = (waiting: string, open: string | null, answered = "") =>
  nextWaiting(
    Array.from(waiting).map((id) => rowOf({ id })),
    { open, isAnswered: ({ id }) => answered.includes(id) },
  );

test.each([
  ["who waits longest comes first", "abc", null, "", "a"],
  ["from a conversation that does not wait, the longest wait", "abc", "z", "", "a"],
  ["from one that waits and is left for later, the one after it", "abc", "a", "", "b"],
  ["from the last, the first again", "abc", "c", "", "a"],
  ["one that was just answered waits no longer, though the list does not know yet", "abc", "a", "a", "b"],
  ["from one that was just answered, the longest wait", "abc", "b", "b", "a"],
  ["two that were just answered are both passed over", "abcd", "b", "ab", "c"],
  ["only the one that is open waits", "a", "a", "", null],
  ["nobody waits", "", "a", "", null],
])("%s", (_what, waiting, open, answered, expected) => {
  expect(next(waiting, open, answered)).toBe(expected);
});
