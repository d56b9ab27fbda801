import type {
  ContactRow,
  ContactSaid,
  ConversationRow,
  ConversationState,
  Direction,
  Message,
  ShownEvent,
  Timestamp,
} from "@fio/contracts";
import { deliveryFrom } from "../delivery-statements.ts";
import { stateFrom } from "../status-statements.ts";
import {
  agentFrom,
  authorFrom,
  mediaFrom,
  receiptFrom,
  type AgentColumns,
  type AuthorColumns,
  type MediaColumn,
  type StoredReceipt,
} from "../rows.ts";

export const CONVERSATION_COLUMNS = [
  "id",
  "state",
  "created_at",
  "closed_at",
  "version",
  "message_count",
  "activity_at",
  "last_message_at",
  "last_message_preview",
  "last_message_direction",
  "waiting_since",
  "last_received_receipt",
  "contact_key",
  "assigned_id",
  "assigned_name",
] as const satisfies ReadonlyArray<keyof ConversationColumns>;

/** Of a conversation that was created: placeholders never get this far. */
export type ConversationColumns = {
  id: string;
  state: ConversationState;
  created_at: Timestamp;
  closed_at: Timestamp | null;
  version: number;
  message_count: number;
  activity_at: Timestamp;
  last_message_at: Timestamp | null;
  last_message_preview: string | null;
  last_message_direction: Direction | null;
  waiting_since: Timestamp | null;
  last_received_receipt: StoredReceipt | null;
  contact_key: string | null;
} & AgentColumns;

/** `contacts` by their keys, as {@link contactsOf} reads them. */
export function conversationFrom(
  row: ConversationColumns,
  contacts: ReadonlyMap<string, ContactRow>,
): ConversationRow {
  const contact = row.contact_key === null ? undefined : contacts.get(row.contact_key);
  return {
    id: row.id,
    state: row.state,
    created_at: row.created_at,
    closed_at: row.closed_at,
    version: row.version,
    message_count: row.message_count,
    activity_at: row.activity_at,
    last_message_at: row.last_message_at,
    last_message_preview: row.last_message_preview,
    last_message_direction: row.last_message_direction,
    waiting_since: row.waiting_since,
    last_received_receipt: row.last_received_receipt === null ? null : receiptFrom(row.last_received_receipt),
    ...(contact === undefined ? {} : { contact }),
    ...agentFrom(row),
  };
}

export type MessageColumns = {
  id: string;
  direction: Direction;
  content: string;
  /** Its place. */
  timestamp: Timestamp;
  /** Its timestamp as sent, where that is not its place. */
  sent_at: Timestamp | null;
  receipt: StoredReceipt;
  /** What {@link stateFrom} reads; only where it is shown. */
  state?: string | null | undefined;
  /** What {@link deliveryFrom} reads; only where it is shown. */
  delivery?: string | null | undefined;
} & AuthorColumns &
  MediaColumn;

export function messageFrom(row: MessageColumns): Message {
  return {
    id: row.id,
    direction: row.direction,
    content: row.content,
    timestamp: row.sent_at ?? row.timestamp,
    receipt: receiptFrom(row.receipt),
    ...authorFrom(row),
    ...mediaFrom(row),
    ...stateFrom(row.state),
    ...deliveryFrom(row.delivery),
  };
}

/** What an unapplied event's row holds is what was posted, normalised. */
export const eventFrom = (column: string): ShownEvent => JSON.parse(column) as ShownEvent;

/** A creation or a close, told from the conversation's row. */
export const factEvent = (
  type: "NEW_CONVERSATION" | "CLOSE_CONVERSATION",
  { id, timestamp, contact }: { id: string; timestamp: Timestamp; contact: ContactSaid | null },
): ShownEvent => ({ type, timestamp, data: contact === null ? { id } : { id, contact } });
