import { expect, test } from "vitest";
import { readTraceContext, traceIds, traceParts } from "./trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const GIVEN = `00-${TRACE}-00f067aa0ba902b7-01`;

test("a traceparent is read as it was sent", () => {
  expect(readTraceContext(GIVEN)).toBe(GIVEN);
  expect(traceParts(GIVEN)).toEqual({ traceId: TRACE, spanId: "00f067aa0ba902b7", traceFlags: 1 });
});

test("of a later version what this one knows is read", () => {
  expect(readTraceContext(`01-${GIVEN.slice(3)}-more`)).toBe(GIVEN);
});

test.each([
  undefined,
  7,
  "",
  GIVEN.toUpperCase(),
  `ff-${GIVEN.slice(3)}`,
  `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
  `00-${TRACE}-${"0".repeat(16)}-01`,
  `${GIVEN}-more`,
  GIVEN.slice(0, -1),
  `${GIVEN}\n`,
  `x${GIVEN}`,
])("%j is not one", (given) => {
  expect(readTraceContext(given)).toBeNull();
});

test("a log line names each trace once, and has no field where there is none", () => {
  expect(traceIds([{ trace: GIVEN }, {}, { trace: GIVEN }])).toEqual({ traces: [TRACE] });
  expect(traceIds([{}])).toEqual({});
});
