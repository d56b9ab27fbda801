import { expect, test } from "vitest";
import { receiptMilliseconds, type Outcome, type Receipt } from "@fio/contracts";
import { storyOf } from "../store/testing/fixture.ts";
import { repliesTo } from "./replies.ts";

const { created, message, under } = storyOf();
const grace = { graceSeconds: 6, now: 0, takenUpTo: Infinity, waiterReplies: [] };
const outcomes = (given: Record<number, Outcome>): Map<Receipt, Outcome> =>
  new Map(Object.entries(given).map(([receipt, outcome]) => [under(Number(receipt)), outcome]));

test("only those who wait are told, each instance at once", () => {
  const events = [
    { ...created(1), reply: "a" },
    message(2),
    { ...message(3), reply: "b" },
    { ...message(4), reply: "a" },
  ];
  const applied: Outcome = { kind: "applied" };
  const told = repliesTo(events, outcomes({ 1: applied, 2: applied, 3: applied, 4: applied }), grace);
  expect([...told].map(([instance, replies]) => [instance, replies.map(({ receipt }) => receipt)])).toEqual([
    ["a", [under(1), under(4)]],
    ["b", [under(3)]],
  ]);
});

test("a duplicate is told the refusal of the event that it repeats", () => {
  const rejected: Outcome = { kind: "rejected", reason: "CONVERSATION_CLOSED" };
  const told = repliesTo(
    [{ ...message(5), reply: "a" }],
    outcomes({ 2: rejected, 5: { kind: "duplicate", of: under(2) } }),
    grace,
  );
  expect(told.get("a")).toEqual([{ receipt: under(5), outcome: rejected, duplicateOf: under(2) }]);
});

test("whoever waits for a conversation is told how long that is not reported yet, and then that it is missing", () => {
  const waiting = outcomes({ 2: { kind: "waiting" } });
  const event = { ...message(2), reply: "a" };
  const at = (milliseconds: number) =>
    repliesTo([event], waiting, { ...grace, now: receiptMilliseconds(event.receipt) + milliseconds }).get(
      "a",
    )?.[0]?.outcome;
  const reported_at = receiptMilliseconds(event.receipt) + 6_000;
  expect(at(5_900)).toEqual({ kind: "waiting", grace_ms: 100, reported_at });
  expect(at(6_000)).toEqual({ kind: "rejected", reason: "CONVERSATION_NOT_FOUND" });
  // A clock that is behind promises no more than the grace.
  expect(at(-3_600_000)).toEqual({ kind: "waiting", grace_ms: 6_000, reported_at });
});

test("a conversation is missing only once all that was accepted within the grace has been applied", () => {
  const waiting = outcomes({ 2: { kind: "waiting" } });
  const event = { ...message(2), reply: "a" };
  const reported_at = receiptMilliseconds(event.receipt) + 6_000;
  const upTo = (takenUpTo: number) =>
    repliesTo([event], waiting, { ...grace, now: reported_at + 60_000, takenUpTo }).get("a")?.[0]?.outcome;
  expect(upTo(reported_at - 1)).toEqual({ kind: "waiting", grace_ms: 0, reported_at });
  expect(upTo(reported_at)).toEqual({ kind: "rejected", reason: "CONVERSATION_NOT_FOUND" });
});

test("without a grace a missing conversation is a refusal", () => {
  const waiting = outcomes({ 2: { kind: "waiting" } });
  const event = { ...message(2), reply: "a" };
  expect(repliesTo([event], waiting, grace).get("a")?.[0]?.outcome).toMatchObject({
    kind: "waiting",
    grace_ms: 6_000,
  });
  expect(repliesTo([event], waiting, { ...grace, graceSeconds: 0 }).get("a")?.[0]?.outcome).toEqual({
    kind: "rejected",
    reason: "CONVERSATION_NOT_FOUND",
  });
});
