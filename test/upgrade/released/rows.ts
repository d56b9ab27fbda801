import {
  fold,
  PREVIEW_UNITS,
  receiptOf,
  type AcceptedEvent,
  type Direction,
  type NewMessage,
  type Receipt,
  type RejectionReason,
  type Timestamp,
  type WebhookEvent,
} from "@fio/contracts";
import type { ColumnType } from "../../../services/conversations/src/store/sql.ts";
import { wordsOfTime } from "../../../services/conversations/src/store/time-blocks.ts";

/* The rows of version 0.1.0: what its workers read, and every column that they wrote. */

type Stored = string | number;
type Fact = { timestamp: Timestamp; receipt: Receipt };

export type ConversationRow = {
  id: string;
  created_at: Timestamp | null;
  created_receipt: Stored | null;
  closed_at: Timestamp | null;
  closed_receipt: Stored | null;
  version: number;
  message_count: number;
  highest_receipt: Stored | null;
};
export const CONVERSATION_COLUMNS =
  "id, created_at, created_receipt, closed_at, closed_receipt, version, message_count, highest_receipt";

export type MessageRow = {
  id: string;
  conversation_id: string;
  direction: Direction;
  content: string;
  timestamp: Timestamp;
  receipt: Stored;
};
export const MESSAGE_COLUMNS = "id, conversation_id, direction, content, timestamp, receipt";

export type UnappliedRow = {
  receipt: Stored;
  conversation_id: string;
  event: string;
  reason: RejectionReason;
};

export const receiptFrom = (stored: Stored): Receipt => receiptOf(BigInt(stored));

export function factsOf(row: ConversationRow): AcceptedEvent[] {
  const fact = (
    type: "NEW_CONVERSATION" | "CLOSE_CONVERSATION",
    timestamp: Timestamp | null,
    receipt: Stored | null,
  ): AcceptedEvent[] =>
    timestamp === null || receipt === null
      ? []
      : [{ receipt: receiptFrom(receipt), event: { type, timestamp, data: { id: row.id } } }];
  return [
    ...fact("NEW_CONVERSATION", row.created_at, row.created_receipt),
    ...fact("CLOSE_CONVERSATION", row.closed_at, row.closed_receipt),
  ];
}

export const messageFrom = ({ timestamp, receipt, ...data }: MessageRow): AcceptedEvent => ({
  receipt: receiptFrom(receipt),
  event: { type: "NEW_MESSAGE", timestamp, data },
});

export const MESSAGE: Record<string, ColumnType> = {
  id: "uuid",
  conversation_id: "uuid",
  direction: "text",
  content: "text",
  timestamp: "text",
  receipt: "bigint",
  words: "text",
};

/** A message stood at its timestamp, also at one that was ahead; a phone number was found by its parts alone. */
export function messageRow({ receipt, event }: AcceptedEvent): object {
  const { timestamp, data } = event as NewMessage;
  const found = fold(data.content).match(/[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu) ?? [];
  const words = [...new Set(found), ...wordsOfTime(timestamp)].join(" ");
  return { ...data, timestamp, receipt, words };
}

export const UNAPPLIED: Record<string, ColumnType> = {
  receipt: "bigint",
  type: "text",
  event_id: "uuid",
  conversation_id: "uuid",
  event: "text",
  reason: "text",
  detail: "text",
};

export const unappliedRow = (
  { receipt, event }: AcceptedEvent,
  reason: RejectionReason,
): { receipt: Receipt } & Record<string, string> => {
  const data = event.data as { id: string; conversation_id?: string };
  return {
    ...{ receipt, type: event.type, event_id: data.id, conversation_id: data.conversation_id ?? data.id },
    ...{ event: JSON.stringify(event satisfies WebhookEvent), reason },
  };
};

export const CONVERSATION: Record<string, ColumnType> = {
  id: "uuid",
  state: "text",
  created_at: "text",
  created_receipt: "bigint",
  closed_at: "text",
  closed_receipt: "bigint",
  version: "integer",
  message_count: "integer",
  last_message_at: "text",
  last_message_receipt: "bigint",
  last_message_preview: "text",
  last_message_direction: "text",
  activity_at: "text",
  highest_receipt: "bigint",
};

/** As its worker wrote it, and told it to the live stream. */
export function conversationRow(
  { id, version, message_count, highest_receipt }: ConversationRow,
  {
    created,
    closed,
    last,
    changed,
    added,
  }: { created: Fact; closed: Fact | null; last: MessageRow | null; changed: Receipt[]; added: number },
) {
  const receipts = [...changed, ...(highest_receipt === null ? [] : [receiptFrom(highest_receipt)])];
  return {
    id,
    state: closed === null ? ("OPEN" as const) : ("CLOSED" as const),
    created_at: created.timestamp,
    created_receipt: created.receipt,
    closed_at: closed?.timestamp ?? null,
    closed_receipt: closed?.receipt ?? null,
    version: version + 1,
    message_count: message_count + added,
    last_message_at: last?.timestamp ?? null,
    last_message_receipt: last === null ? null : receiptFrom(last.receipt),
    last_message_preview: last === null ? null : previewOf(last.content),
    last_message_direction: last?.direction ?? null,
    activity_at: [created.timestamp, last?.timestamp ?? ""].toSorted().at(-1) ?? null,
    highest_receipt: receipts.toSorted().at(-1) ?? null,
  };
}

function previewOf(content: string): string {
  const cut = content.slice(0, PREVIEW_UNITS);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
