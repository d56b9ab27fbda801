import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLog } from "./log.ts";
import { createSummary } from "./summary.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a minute is one line, a minute in which nothing happened none, and the rest comes at the end", () => {
  const lines: object[] = [];
  const to = { write: (line: string) => lines.push(JSON.parse(line) as object) };
  const summary = createSummary({
    log: createLog({ service: "test", level: "info", to }),
    message: "the last minute",
  });
  for (const events of [1, 500]) {
    summary.add("flushes");
    summary.add("events", events);
    summary.highest("slowestMs", events / 10);
  }
  vi.advanceTimersByTime(180_000);
  summary.add("flushes");
  summary.stop();
  vi.advanceTimersByTime(180_000);
  expect(lines).toMatchObject([
    { level: 30, flushes: 2, events: 501, slowestMs: 50, msg: "the last minute" },
    { level: 30, flushes: 1 },
  ]);
  expect(lines).toHaveLength(2);
});
