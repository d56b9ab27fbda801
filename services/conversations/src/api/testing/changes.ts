import { randomUUID } from "node:crypto";
import { receiptOf, type Change, type Timestamp } from "@fio/contracts";

const AT = "2025-02-21T10:20:42.349308Z" as Timestamp;

/** What a worker announces: the row of a conversation at a version. */
export const rowChange = (id: string, version: number, preview = "Olá"): Change => ({
  event: "conversation",
  conversation: {
    id,
    state: "OPEN",
    created_at: AT,
    closed_at: null,
    version,
    message_count: version,
    activity_at: AT,
    last_message_at: AT,
    last_message_preview: preview,
    last_message_direction: "RECEIVED",
    waiting_since: AT,
    last_received_receipt: receiptOf(1_740_133_242_349_308),
  },
});

/** The message that makes a conversation's version; its number is its content. */
export const messageChange = (conversation: string, version: number, content = String(version)): Change => ({
  event: "message",
  conversation_id: conversation,
  version,
  message: {
    id: randomUUID(),
    direction: "RECEIVED",
    content,
    timestamp: AT,
    receipt: receiptOf(Date.now() * 1_000),
  },
});

export const removalChange = (conversation: string, version: number): Change => ({
  event: "message_removed",
  conversation_id: conversation,
  version,
  message_id: randomUUID(),
  receipt: receiptOf(Date.now() * 1_000),
});

/** A message and the row it changes, as one transaction announces them. */
export const spoken = (conversation: string, version: number): Change[] => [
  rowChange(conversation, version),
  messageChange(conversation, version),
];
