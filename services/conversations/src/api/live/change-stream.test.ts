import { expect, test } from "vitest";
import { goesOn, isBroken, type Extent, type History } from "./change-stream.ts";

const trimmed: Extent = { first: "50-0", last: "90-0", trimmed: true };
const whole: Extent = { first: "50-0", last: "90-0", trimmed: false };
const none: Extent = { first: null, last: "0-0", trimmed: false };
const emptied: Extent = { first: null, last: "90-0", trimmed: true };

test.each([
  ["within the stream", "70-0", trimmed, false],
  ["at its first entry", "50-0", trimmed, false],
  ["at its end", "90-0", trimmed, false],
  ["before its first entry, once it was trimmed", "49-0", trimmed, true],
  ["before its first entry, of a stream that was there before this one", "49-0", whole, true],
  ["past its end: Redis has lost what it had", "91-0", trimmed, true],
  ["at the beginning of a stream that still holds all", "0-0", whole, false],
  ["at the beginning of one that was trimmed", "0-0", trimmed, true],
  ["at the beginning, while there is no stream", "0-0", none, false],
  ["anywhere else, while there is no stream", "10-0", none, true],
  ["before the end of a stream that holds nothing any more", "80-0", emptied, true],
  ["at the end of a stream that holds nothing any more", "90-0", emptied, false],
])("a place %s", (_what, place, extent, broken) => {
  expect(isBroken(place, extent)).toBe(broken);
});

test.each<[string, History | null, History | null, boolean]>([
  ["the same server", { id: "a", before: null }, { id: "a", before: null }, true],
  ["the same server, after it took over", { id: "b", before: "a" }, { id: "b", before: "a" }, true],
  ["one that was started again with its disk", { id: "a", before: null }, { id: "b", before: null }, true],
  ["a replica that took over", { id: "a", before: null }, { id: "b", before: "a" }, false],
  ["a replica of a replica that took over", { id: "a", before: null }, { id: "c", before: "b" }, false],
  ["one that may not be asked", null, null, false],
])("whether %s has every change", (_server, before, now, all) => {
  expect(goesOn(before, now)).toBe(all);
});
