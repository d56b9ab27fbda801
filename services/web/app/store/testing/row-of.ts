import type { ConversationRow, Timestamp } from "@fio/contracts";
import { receiptOf } from "@fio/contracts/receipts";

const AT = "2026-05-14T12:00:00.000000Z" as Timestamp;

/** `12:minute` of one day. */
export const atMinute = (minute: number): Timestamp =>
  `2026-05-14T12:${String(minute).padStart(2, "0")}:00.000000Z` as Timestamp;

/** A row of a customer who waits, with what a test is about. */
export const rowOf = (fields: Partial<ConversationRow> = {}): ConversationRow => ({
  id: "a",
  state: "OPEN",
  created_at: AT,
  closed_at: null,
  version: 1,
  message_count: 1,
  activity_at: AT,
  last_message_at: AT,
  last_message_preview: "",
  last_message_direction: "RECEIVED",
  waiting_since: AT,
  last_received_receipt: receiptOf(1_778_760_000_000_000),
  ...fields,
});
