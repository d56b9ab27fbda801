import { expect, test } from "vitest";
import { goesOn, type Place } from "./held-down.ts";

test.each([
  ["a letter goes on in the field where it is typed", "a", "lines", false, true],
  ["a letter that opened a field is not written into it", "r", "lines", true, false],
  ["nor into one of a single line", "/", "line", true, false],
  ["a letter that steps through a list goes on, though the focus goes along", "j", "page", true, true],
  ["arrows go on wherever they lead", "ArrowDown", "lines", true, true],
  ["what removes text goes on", "Backspace", "line", false, true],
  ["Enter goes on breaking lines", "Enter", "lines", false, true],
  ["Enter is for no field but the one it began in", "Enter", "lines", true, false],
  ["Enter presses a button once", "Enter", "page", false, false],
  ["Enter submits a form once", "Enter", "line", false, false],
] as const satisfies readonly [string, string, Place, boolean, boolean][])(
  "%s",
  (_what, key, place, moved, goes) => {
    expect(goesOn(key, { place, moved })).toBe(goes);
  },
);
