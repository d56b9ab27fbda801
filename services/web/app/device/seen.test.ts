import { expect, test } from "vitest";
import type { ConversationRow, Timestamp } from "@fio/contracts";
import { receiptOf } from "@fio/contracts/receipts";
import { createSeen } from "./seen.ts";

const memory = (kept: Record<string, string> = {}) => ({
  kept,
  getItem: (key: string) => kept[key] ?? null,
  setItem: (key: string, value: string) => {
    kept[key] = value;
  },
  removeItem: () => {},
});
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
  const seen = createSeen({ storage: memory() });
  expect(seen.isUnread(wrote(1))).toBe(true);
  seen.mark(wrote(1));
  expect(seen.isUnread(wrote(1))).toBe(false);
  expect(seen.isUnread(wrote(2))).toBe(true);
});

test("what is answered, by whomever, is not unread, nor what only colleagues wrote", () => {
  const seen = createSeen({ storage: memory() });
  expect(seen.isUnread(wrote(1, { waiting_since: null }))).toBe(false);
  seen.mark(wrote(1));
  expect(seen.isUnread(wrote(1, { message_count: 9 }))).toBe(false);
  expect(seen.isUnread(wrote(1, { waiting_since: null, last_received_receipt: null }))).toBe(false);
});

test("what was on screen later counts, in whatever order it is told", () => {
  const seen = createSeen({ storage: memory() });
  seen.mark(wrote(3));
  seen.mark(wrote(1));
  expect(seen.isUnread(wrote(3))).toBe(false);
});

test("two tabs know what either has shown", async () => {
  const storage = memory();
  const [one, other] = [createSeen({ storage }), createSeen({ storage })];
  one.mark(wrote(1));
  other.mark(wrote(1, { id: "d" }));
  await expect.poll(() => storage.kept["fio.seen.receipts"]).toContain('"d"');
  one.reload();
  other.reload();
  for (const tab of [one, other, createSeen({ storage })]) {
    expect([tab.isUnread(wrote(1)), tab.isUnread(wrote(1, { id: "d" }))]).toEqual([false, false]);
  }
});

test("what an older version had shown is read, and what came since is not", () => {
  const seen = createSeen({ storage: memory({ "fio.seen": '[["c",7]]', "fio.seen.since": "2026" }) });
  expect(seen.isUnread(wrote(7))).toBe(false);
  expect(seen.isUnread(wrote(8))).toBe(true);
  seen.mark(wrote(8));
  expect(seen.isUnread(wrote(8))).toBe(false);
});

test("a browser that keeps nothing, or something else, counts for as long as the tab lives", () => {
  const storage = {
    ...memory({ "fio.seen.receipts": "{broken" }),
    setItem: () => {
      throw new Error("full");
    },
  };
  const seen = createSeen({ storage });
  seen.mark(wrote(1));
  expect(seen.isUnread(wrote(1))).toBe(false);
});
