import { expect, test } from "vitest";
import { waitSeconds } from "./prefer.ts";

test.each([
  ["wait=10", 10],
  ["wait=1", 1],
  ["wait=30", 30],
  ["WAIT=10", 10],
  ['wait="10"', 10],
  [" wait = 10 ", 10],
  ["wait=010", 10],
  ["respond-async, wait=10", 10],
  ["wait=10; foo=bar", 10],
  ['handling=lenient; x="a", wait=5', 5],
  ["wait=10, wait=20", 10],
])("%j asks to wait %i seconds", (header, seconds) => {
  expect(waitSeconds(header)).toBe(seconds);
});

test.each(["wait=31", "wait=3600", "wait=999999999"])(
  "%j counts as 30 seconds, the most there is",
  (header) => {
    expect(waitSeconds(header)).toBe(30);
  },
);

test.each([
  undefined,
  "",
  "wait",
  "wait=",
  "wait=0",
  "wait=-1",
  "wait=1.5",
  "wait=ten",
  "wait=10s",
  'wait="10',
  "wait=0x10",
  "waiting=10",
  "return=minimal",
  "=10",
  ",,;;==",
  `${"x,".repeat(1_000)}wait=10`,
])("%j is no wish to wait, and no error", (header) => {
  expect(waitSeconds(header)).toBeNull();
});

test("several headers count as one list", () => {
  expect(waitSeconds(["return=minimal", "wait=7"])).toBe(7);
});
