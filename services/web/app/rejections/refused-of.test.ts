import { expect, test } from "vitest";
import type { Receipt, Rejection, Timestamp } from "@fio/contracts";
import { createRefused } from "./refused-of.ts";

const rejection = (receipt: string, seen = false): Rejection => ({
  receipt: receipt as Receipt,
  conversation_id: "c",
  event: {
    type: "NEW_MESSAGE",
    timestamp: "2026-05-14T12:00:00.000000Z" as Timestamp,
    data: { id: receipt },
  },
  reason: "CONVERSATION_CLOSED",
  resolution: seen ? { how: "seen", receipt: "9" as Receipt } : null,
});
const frame = (receipt: string, version: number, told: Rejection | null) => ({
  event: "rejection" as const,
  conversation_id: "c",
  receipt: receipt as Receipt,
  version,
  rejection: told,
});
/** `+` after what an agent has seen to. */
const shown = (refused: ReturnType<typeof createRefused>): string =>
  refused
    .list("c")
    .map(({ receipt, resolution }) => receipt + (resolution === null ? "" : "+"))
    .join("");

test("frames add to what was read, oldest first, and take out what got in", () => {
  const refused = createRefused();
  refused.answer("c", [rejection("3"), rejection("1")], refused.ask());
  refused.hear(frame("2", 5, rejection("2")));
  expect(shown(refused)).toBe("123");
  refused.hear(frame("1", 6, null));
  refused.hear(frame("3", 7, rejection("3", true)));
  expect(shown(refused)).toBe("23+");
});

test("an older frame that comes later changes nothing", () => {
  const refused = createRefused();
  refused.hear(frame("1", 7, rejection("1", true)));
  refused.hear(frame("1", 6, rejection("1")));
  expect(shown(refused)).toBe("1+");
});

test("what was heard while an answer was on its way counts before it; what was heard earlier does not", () => {
  const refused = createRefused();
  refused.hear(frame("1", 5, rejection("1")));
  const asked = refused.ask();
  refused.hear(frame("2", 6, rejection("2")));
  refused.answer("c", [rejection("1", true)], asked);
  expect(shown(refused)).toBe("1+2");
});

test("of two answers the one that was asked for last counts", () => {
  const refused = createRefused();
  const [first, second] = [refused.ask(), refused.ask()];
  refused.answer("c", [rejection("1", true)], second);
  refused.answer("c", [rejection("1")], first);
  expect(shown(refused)).toBe("1+");
});
