import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { expect, test } from "vitest";
import { createClockWatch } from "./clock-watch.ts";

const MINUTE = 60_000;

function watched() {
  let time = 1_740_133_242_349;
  const lines: Array<{ events: number; aheadSeconds: number }> = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) });
  const clockAhead = new Counter({ name: "ahead", help: "ahead", registers: [new Registry()] });
  const watch = createClockWatch({ metrics: { clockAhead }, log, now: () => time });
  return {
    saw: watch.saw,
    lines,
    count: async () => (await clockAhead.get()).values[0]?.value ?? 0,
    pass: (ms: number) => (time += ms),
  };
}

test("clocks may differ by five minutes without a word", async () => {
  const { saw, lines, count } = watched();
  saw([-3_600_000, 0, 5 * MINUTE]);
  expect([await count(), lines]).toEqual([0, []]);
});

test("what is further ahead is counted, each event, and told of with the difference", async () => {
  const { saw, lines, count } = watched();
  saw([0, 5 * MINUTE + 1, 9 * 60 * MINUTE]);
  expect(await count()).toBe(2);
  expect(lines).toMatchObject([{ level: 40, events: 2, aheadSeconds: 32_400 }]);
});

test("however many come, there is one line a minute, which sums up what came since", async () => {
  const { saw, lines, count, pass } = watched();
  for (let n = 0; n < 600; n += 1) {
    saw([10 * MINUTE]);
    pass(200);
  }
  expect(await count()).toBe(600);
  expect(lines.map(({ events }) => events)).toEqual([1, 300]);
});

test("a clock that is set back is told of at once", () => {
  const { saw, lines, pass } = watched();
  saw([10 * MINUTE]);
  pass(-3_600_000);
  saw([70 * MINUTE]);
  expect(lines).toHaveLength(2);
});
