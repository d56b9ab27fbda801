import { expect, test } from "vitest";
import { cpuSeconds, residentBytes, secondsOf } from "./processes.ts";

test.each([
  ["0:01.23", 1.23],
  ["12:34", 754],
  ["01:02:03", 3_723],
  ["2-01:00:00", 176_400],
  ["  0:00.05\n", 0.05],
])("reads the time that ps writes as %j", (time, seconds) => {
  expect(secondsOf(time)).toBeCloseTo(seconds);
});

test("says what a process has used", () => {
  const before = cpuSeconds(process.pid);
  const until = performance.now() + 150;
  let spins = 0;
  while (performance.now() < until || cpuSeconds(process.pid) <= before) spins += 1;
  expect(spins).toBeGreaterThan(0);
  expect(cpuSeconds(process.pid)).toBeGreaterThan(before);
  expect(residentBytes(process.pid)).toBeGreaterThan(10 * 2 ** 20);
});

test("a process that is gone has used nothing", () => {
  expect(cpuSeconds(2 ** 30)).toBe(0);
  expect(residentBytes(2 ** 30)).toBe(0);
});
