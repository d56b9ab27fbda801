import { expect, test } from "vitest";
import type { ConversationRow, Timestamp } from "@fio/contracts";
import { createSeen } from "./seen.ts";

const memory = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};
const row = (count: number, minute = 0): ConversationRow => ({
  id: "c",
  state: "OPEN",
  created_at: "2026-05-14T11:00:00.000000Z" as Timestamp,
  closed_at: null,
  version: count,
  message_count: count,
  activity_at: `2026-05-14T12:${String(minute).padStart(2, "0")}:00.000000Z` as Timestamp,
  last_message_at: `2026-05-14T12:${String(minute).padStart(2, "0")}:00.000000Z` as Timestamp,
  last_message_preview: "",
  last_message_direction: "RECEIVED",
  waiting_since: null,
  last_received_receipt: null,
});
const firstVisit = "2026-05-14T12:30:00.000000Z";

test("what was there before the first visit counts as read, what comes later does not", () => {
  const seen = createSeen({ storage: memory(), now: firstVisit });
  expect(seen.unread(row(7, 10))).toBe(0);
  expect(seen.unread(row(9, 40))).toBe(2);
});

test("a conversation that begins after the first visit is unread until it was on screen", () => {
  const seen = createSeen({ storage: memory(), now: firstVisit });
  expect(seen.unread(row(3, 45))).toBe(3);
  seen.mark(row(3, 45));
  expect(seen.unread(row(3, 45))).toBe(0);
  expect(seen.unread(row(4, 46))).toBe(1);
});
