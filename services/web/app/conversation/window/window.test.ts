import { expect, test } from "vitest";
import type { ConversationRow, Message } from "@fio/contracts";
import type { Thread } from "../../store/thread.ts";
import { heardBy, heardIn, leftOf, windowAt } from "./window.ts";

const HOUR = 3_600_000;
const HEARD = Date.parse("2026-11-28T12:00:00Z");

test("what is left is told by the customer's last message, clearly in the last three hours", () => {
  expect(windowAt(HEARD, HEARD)).toMatchObject({ kind: "open", leftMs: 24 * HOUR });
  expect(windowAt(HEARD, HEARD + 21 * HOUR - 1)).toMatchObject({ kind: "open" });
  expect(windowAt(HEARD, HEARD + 21 * HOUR)).toMatchObject({ kind: "soon", until: HEARD + 24 * HOUR });
  expect(windowAt(HEARD, HEARD + 24 * HOUR)).toEqual({ kind: "closed" });
  expect(windowAt(null, HEARD)).toEqual({ kind: "never" });
});

test("never more is told than is left", () => {
  expect(leftOf(2 * HOUR - 1)).toEqual({ hours: 1, minutes: 59 });
  expect(leftOf(59_999)).toEqual({ hours: 0, minutes: 0 });
});

const message = (direction: Message["direction"], timestamp: string, receipt = "1795867200000000") =>
  ({ id: timestamp, direction, content: "", timestamp, receipt }) as Message;
const thread = (messages: Message[], more: Partial<Thread> = {}): Thread =>
  ({
    messages,
    newer: null,
    row: { last_received_receipt: "1795867260000000", last_message_at: null },
    ...more,
  }) as Thread;

test("answers do not count, and what a phone sent long before it was received counts by its own time", () => {
  const messages = [
    message("RECEIVED", "2026-11-27T08:00:00.000000Z"),
    message("SENT", "2026-11-28T09:00:00.000000Z"),
  ];
  expect(heardIn(thread(messages))).toBe(Date.parse("2026-11-27T08:00:00Z"));
});

test("where the newest messages are not loaded it is when the last one was received, but of long ago is what was written then", () => {
  const history = "2026-11-20T08:00:00.000000Z" as Message["timestamp"];
  expect(
    heardBy({ last_received_receipt: "1795867260000000", last_message_at: history } as ConversationRow),
  ).toBe(Date.parse("2026-11-20T08:00:00Z"));
  const old = [message("RECEIVED", "2026-11-20T08:00:00.000000Z")];
  expect(heardIn(thread(old, { newer: "after=1" }))).toBe(1_795_867_260_000);
  expect(heardIn(thread([message("SENT", "2026-11-28T09:00:00.000000Z")]))).toBe(1_795_867_260_000);
  const row = { last_received_receipt: null, last_message_at: null } as Thread["row"];
  expect(heardIn(thread([], { row }))).toBeNull();
});
