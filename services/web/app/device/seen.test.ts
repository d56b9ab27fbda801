import { afterEach, expect, test, vi } from "vitest";
import type { ConversationRow, Timestamp } from "@fio/contracts";
import { receiptOf } from "@fio/contracts/receipts";
import { createSeen } from "./seen.ts";
import { browser } from "./testing/browser.ts";

afterEach(() => vi.unstubAllGlobals());
const opened = (given?: Parameters<typeof browser>[0]) => {
  const { memory } = browser(given);
  return createSeen({ memory: () => memory });
};
type Row = Parameters<ReturnType<typeof createSeen>["mark"]>[0];
/** A customer's message of this minute, unanswered. */
const wrote = (minute: number, fields: Partial<ConversationRow> = {}): Row => ({
  id: "c",
  message_count: minute,
  waiting_since: "2026-05-14T12:00:00.000000Z" as Timestamp,
  last_received_receipt: receiptOf(1_778_760_000_000_000 + minute * 60_000_000),
  ...fields,
});

test("a customer who waits is unread until that was on screen, and again when they write more", () => {
  const seen = opened();
  expect(seen.isUnread(wrote(1))).toBe(true);
  seen.mark(wrote(1));
  expect(seen.isUnread(wrote(1))).toBe(false);
  expect(seen.isUnread(wrote(2))).toBe(true);
});

test("what is answered, by whomever, is not unread, nor what only colleagues wrote", () => {
  const seen = opened();
  expect(seen.isUnread(wrote(1, { waiting_since: null }))).toBe(false);
  seen.mark(wrote(1));
  expect(seen.isUnread(wrote(1, { message_count: 9 }))).toBe(false);
  expect(seen.isUnread(wrote(1, { waiting_since: null, last_received_receipt: null }))).toBe(false);
});

test("what was on screen later counts, in whatever order it is told", () => {
  const seen = opened();
  seen.mark(wrote(3));
  seen.mark(wrote(1));
  expect(seen.isUnread(wrote(3))).toBe(false);
});

test("two tabs know what either has shown, and so does the next one", async () => {
  const { memory, texts, elsewhere } = browser();
  const open = () => createSeen({ memory: () => memory });
  const [one, other] = [open(), open()];
  one.mark(wrote(1));
  other.mark(wrote(1, { id: "d" }));
  await expect.poll(() => texts.get("fio.seen.receipts")).toContain('"d"');
  elsewhere("fio.seen.receipts");
  for (const tab of [one, other, open()]) {
    expect([tab.isUnread(wrote(1)), tab.isUnread(wrote(1, { id: "d" }))]).toEqual([false, false]);
  }
});

test("what an older version had shown is read, and what came since is not", () => {
  const seen = opened({ kept: { "fio.seen": '[["c",7]]' } });
  expect(seen.isUnread(wrote(7))).toBe(false);
  expect(seen.isUnread(wrote(8))).toBe(true);
  seen.mark(wrote(8));
  expect(seen.isUnread(wrote(8))).toBe(false);
});

test.each([{ kept: { "fio.seen.receipts": "{broken" } }, { room: 0 }])(
  "a browser that keeps nothing, or something else, counts for as long as the tab lives",
  (given) => {
    const seen = opened(given);
    seen.mark(wrote(1));
    expect(seen.isUnread(wrote(1))).toBe(false);
  },
);
