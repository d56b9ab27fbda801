import { expect, test } from "vitest";
import { whatIsWrong } from "./lost.ts";

const kinds = (created: number, messages: number, closed = 0) => ({ created, messages, closed });
const clean = { accepted: kinds(1, 10, 1), unanswered: 0, applied: kinds(1, 10, 1), keptOut: 0 };

test("nothing is wrong when each accepted event was applied, or kept by those that its rules kept out", () => {
  expect(whatIsWrong(clean)).toBeNull();
  expect(whatIsWrong({ ...clean, applied: kinds(1, 8, 1), keptOut: 2 })).toBeNull();
});

test("an accepted event that is nowhere is lost, whatever got no answer", () => {
  expect(whatIsWrong({ ...clean, unanswered: 5, applied: kinds(1, 9, 1) })).toBe(
    "1 of 12 accepted events were lost",
  );
});

test("more than were accepted is wrong, unless so many got no answer", () => {
  expect(whatIsWrong({ ...clean, applied: kinds(1, 12, 1) })).toContain("2 more events than were accepted");
  expect(whatIsWrong({ ...clean, unanswered: 2, applied: kinds(1, 12, 1) })).toBeNull();
});

test("one kind too many does not make up for another that is missing", () => {
  expect(whatIsWrong({ ...clean, applied: kinds(2, 9, 1) })).toBe("1 more created than were accepted");
});
