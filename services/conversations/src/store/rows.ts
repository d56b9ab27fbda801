import {
  receiptOf,
  type AcceptedEvent,
  type Author,
  type ContactSaid,
  type Direction,
  type Media,
  type PostedType,
  type Receipt,
  type RejectionReason,
  type Timestamp,
  type WebhookEvent,
} from "@fio/contracts";
import type { ConversationRecord, Fact, UnappliedEvent } from "../domain/index.ts";

/** A receipt as the databases give it: Postgres as text, SQLite as a number. */
export type StoredReceipt = string | number;

export const receiptFrom = (stored: StoredReceipt): Receipt => receiptOf(BigInt(stored));

/** The newest message by (place, receipt), as the list shows it. */
export type LastMessage = {
  place: Timestamp;
  receipt: Receipt;
  preview: string;
  direction: Direction;
};

/** Of all that the business sent: the highest place and the highest receipt, each for itself. */
export type LastSent = { place: Timestamp; receipt: Receipt };

/**
 * Since when the customer waits, and what it takes to keep that without counting. A customer's message is unanswered
 * while its place or its receipt is above that of the last one sent.
 */
export type Unanswered = {
  /**
   * The lowest place of what is unanswered in an open conversation, and of late messages. Whoever closes a conversation
   * has done with what is in it.
   */
  since: Timestamp | null;
  lastSent: LastSent | null;
  /** The highest of a customer's message, late ones included. */
  lastReceivedReceipt: Receipt | null;
};

/** A conversation as it stands under its lock: what the law needs of it, and what the list shows. */
export type StoredConversation = {
  record: ConversationRecord;
  version: number;
  messageCount: number;
  last: LastMessage | null;
  unanswered: Unanswered;
  /** Of all that was ever applied to it. */
  highestReceipt: Receipt | null;
};

export const STORED_CONVERSATION_COLUMNS =
  "id, created_at, created_receipt, closed_at, closed_receipt, version, message_count, last_message_at, " +
  "last_message_receipt, last_message_preview, last_message_direction, waiting_since, last_sent_at, last_sent_receipt, " +
  "last_received_receipt, highest_receipt, unsettled_above, contact, assigned_receipt, assigned_id, assigned_name";

export type StoredConversationRow = {
  id: string;
  created_at: Timestamp | null;
  created_receipt: StoredReceipt | null;
  closed_at: Timestamp | null;
  closed_receipt: StoredReceipt | null;
  version: number;
  message_count: number;
  last_message_at: Timestamp | null;
  last_message_receipt: StoredReceipt | null;
  last_message_preview: string | null;
  last_message_direction: Direction | null;
  waiting_since: Timestamp | null;
  last_sent_at: Timestamp | null;
  last_sent_receipt: StoredReceipt | null;
  last_received_receipt: StoredReceipt | null;
  highest_receipt: StoredReceipt | null;
  unsettled_above: StoredReceipt | null;
  /** What the creation said, in JSON. */
  contact: string | null;
  assigned_receipt: StoredReceipt | null;
} & AgentColumns;

export function storedConversationFrom(row: StoredConversationRow): StoredConversation {
  return {
    record: {
      id: row.id,
      created: creationFrom(row),
      closed: factFrom(row.closed_at, row.closed_receipt),
      assigned:
        row.assigned_receipt === null
          ? null
          : { receipt: receiptFrom(row.assigned_receipt), agent: agentFrom(row).assigned_to ?? null },
      unsettledAbove: row.unsettled_above === null ? null : receiptFrom(row.unsettled_above),
    },
    version: row.version,
    messageCount: row.message_count,
    last: lastFrom(row),
    unanswered: unansweredFrom(row),
    highestReceipt: row.highest_receipt === null ? null : receiptFrom(row.highest_receipt),
  };
}

function creationFrom(row: StoredConversationRow): Fact | null {
  const created = factFrom(row.created_at, row.created_receipt);
  if (created === null || row.contact === null) return created;
  return { ...created, contact: JSON.parse(row.contact) as ContactSaid };
}

function factFrom(timestamp: Timestamp | null, receipt: StoredReceipt | null): Fact | null {
  return timestamp === null || receipt === null ? null : { timestamp, receipt: receiptFrom(receipt) };
}

function lastFrom(row: StoredConversationRow): LastMessage | null {
  const { last_message_at: place, last_message_receipt: receipt } = row;
  const { last_message_preview: preview, last_message_direction: direction } = row;
  if (place === null || receipt === null || preview === null || direction === null) return null;
  return { place, receipt: receiptFrom(receipt), preview, direction };
}

function unansweredFrom(row: StoredConversationRow): Unanswered {
  const { last_received_receipt: received } = row;
  return {
    since: row.waiting_since,
    lastSent: lastSentFrom(row.last_sent_at, row.last_sent_receipt),
    lastReceivedReceipt: received === null ? null : receiptFrom(received),
  };
}

export function lastSentFrom(place: Timestamp | null, receipt: StoredReceipt | null): LastSent | null {
  return place === null || receipt === null ? null : { place, receipt: receiptFrom(receipt) };
}

export const MESSAGE_COLUMNS =
  "id, conversation_id, direction, content, timestamp, sent_at, receipt, author_id, author_name, media";

export type MessageRow = {
  id: string;
  conversation_id: string;
  direction: Direction;
  content: string;
  /** Its place. */
  timestamp: Timestamp;
  /** Its timestamp as sent, where that is not its place. */
  sent_at: Timestamp | null;
  receipt: StoredReceipt;
} & AuthorColumns &
  MediaColumn;

/** Both or none. */
export type AuthorColumns = { author_id: string | null; author_name: string | null };

/** To be spread: no key where there is no author. */
export function authorFrom({ author_id: id, author_name: name }: AuthorColumns): { author?: Author } {
  return id === null || name === null ? {} : { author: { id, name } };
}

/** As JSON. */
export type MediaColumn = { media: string | null };

/** To be spread: no key where there is none. */
export function mediaFrom({ media }: MediaColumn): { media?: Media } {
  return media === null ? {} : { media: JSON.parse(media) as Media };
}

/** Both or none. */
export type AgentColumns = { assigned_id: string | null; assigned_name: string | null };

/** To be spread: no key where nobody has it. */
export function agentFrom({ assigned_id: id, assigned_name: name }: AgentColumns): { assigned_to?: Author } {
  return id === null || name === null ? {} : { assigned_to: { id, name } };
}

export function messageFrom({ timestamp, sent_at, receipt, ...row }: MessageRow): AcceptedEvent {
  const { author_id, author_name, media, ...data } = row;
  return {
    receipt: receiptFrom(receipt),
    event: {
      type: "NEW_MESSAGE",
      timestamp: sent_at ?? timestamp,
      data: { ...data, ...authorFrom({ author_id, author_name }), ...mediaFrom({ media }) },
    },
  };
}

export const UNAPPLIED_COLUMNS = "receipt, type, event_id, conversation_id, event, reason, detail, waiters";

export type UnappliedRow = {
  receipt: StoredReceipt;
  type: PostedType;
  event_id: string;
  conversation_id: string;
  event: string;
  reason: RejectionReason;
  detail: string | null;
  waiters: string | null;
};

/** Under INTERNAL_ERROR the event may be malformed; the law then looks at nothing but its receipt. */
export function unappliedFrom({ receipt, event, reason, detail }: UnappliedRow): UnappliedEvent {
  const unapplied = { receipt: receiptFrom(receipt), event: JSON.parse(event) as WebhookEvent, reason };
  return detail === null ? unapplied : { ...unapplied, detail };
}
