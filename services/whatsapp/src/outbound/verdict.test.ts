import { expect, test } from "vitest";
import { refusalOf, type MetaCode } from "../../../../test/support/graph-api/errors.ts";
import type { Reply } from "./graph.ts";
import { codeOf, verdictOn, type Verdict } from "./verdict.ts";

const judge = (reply: Reply, { tries = 0, numberTries = 0 } = {}): Verdict =>
  verdictOn(reply, { tries, numberTries, random: () => 1 });
const refused = (code: MetaCode): Reply => ({ kind: "answered", retryAfterMs: null, ...refusalOf(code) });
const answered = (status: number, body?: unknown, retryAfterMs: number | null = null): Reply => ({
  kind: "answered",
  ...{ status, body, retryAfterMs },
});

test("an answer that names the message is an acceptance", () => {
  expect(judge(answered(200, { messages: [{ id: "wamid.1" }] }))).toEqual({
    kind: "accepted",
    wamid: "wamid.1",
  });
});

test.each<[string, Reply]>([
  ["no answer on a connection that stood", { kind: "unanswered", reason: "time-out" }],
  ["a 200 that cannot be read", answered(200)],
  ["a 200 that names no message", answered(200, { messages: [] })],
  ["a gateway's 502", answered(502)],
  ["a gateway's 504", answered(504)],
  ["Meta's own unknown error", refused(1)],
])("it may have arrived after %s, and nothing is tried again", (_name, reply) => {
  expect(judge(reply).kind).toBe("not_known");
});

test.each<[string, Reply, { all: boolean; first: number }]>([
  [
    "a machine that cannot be reached",
    { kind: "unreached", reason: "ECONNREFUSED" },
    { all: false, first: 1_000 },
  ],
  ["131056, too fast for one customer", refused(131056), { all: false, first: 4_000 }],
  ["130429, too fast for the number", refused(130429), { all: true, first: 1_000 }],
  ["80007, the account's allowance", refused(80007), { all: true, first: 30_000 }],
  ["4, the app's allowance", refused(4), { all: true, first: 30_000 }],
  ["131000, a trouble of Meta's", refused(131000), { all: false, first: 1_000 }],
  ["131016", refused(131016), { all: false, first: 1_000 }],
  ["2", refused(2), { all: false, first: 1_000 }],
  ["somebody else's 404 on the way", answered(404), { all: false, first: 1_000 }],
])("%s: again later, longer each time", (_name, reply, { all, first }) => {
  expect(judge(reply)).toMatchObject({ kind: "again", all, afterMs: first });
  expect(judge(reply, { tries: 2, numberTries: 2 })).toMatchObject({ afterMs: 4 * first });
});

test.each<MetaCode>([131047, 131026, 131049, 100])("%d fails with what Meta says about it", (code) => {
  const verdict = judge(refused(code));
  expect(verdict).toMatchObject({ kind: "failed", serious: false });
  expect(verdict.kind === "failed" && codeOf(verdict.detail)).toBe(String(code));
});

test.each<MetaCode>([131048, 131031, 131042, 368, 33, 133010])("%d fails, and somebody is called", (code) => {
  expect(judge(refused(code))).toMatchObject({ kind: "failed", serious: true });
});

test.each<MetaCode>([190, 0, 10])("%d stops the number for a minute", (code) => {
  expect(judge(refused(code))).toMatchObject({ kind: "stopped", afterMs: 60_000 });
});

test("it is waited for as long as Meta asks", () => {
  expect(judge({ kind: "answered", retryAfterMs: 120_000, ...refusalOf(130429) })).toMatchObject({
    afterMs: 120_000,
  });
});
