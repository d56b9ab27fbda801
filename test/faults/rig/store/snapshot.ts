import {
  type DeliveryStatus,
  receiptOf,
  type AcceptedEvent,
  type AcceptedUpdate,
  type ContactSaid,
  type ContactUpdate,
  type Direction,
  type RejectionReason,
  type Timestamp,
} from "@fio/contracts";
import type { AcceptedSent, SentEvent } from "../../load/journal.ts";
import type { StoreProbe } from "./probe.ts";

/** What the list shows of a conversation without counting. */
export type ListColumns = {
  state: "OPEN" | "CLOSED";
  message_count: number;
  last_message_at: string | null;
  last_message_direction: string | null;
  waiting_since: string | null;
};

/** The whole store, as events under their receipts. */
export type Snapshot = {
  /** Creations, closes, messages and statuses that are in it. */
  applied: AcceptedEvent[];
  /** What counts of what was said of customers beside their conversations. */
  updates: AcceptedUpdate[];
  kept: Array<AcceptedSent & { reason: RejectionReason }>;
  /** Of conversations that exist; placeholders are left out. */
  lists: Map<string, ListColumns>;
  /** Of every message of which a status is known, its state as the store tells it, by {@link stateKey}. */
  states: Map<string, DeliveryStatus>;
  /** What is known of every contact, by its key. */
  contacts: Map<string, StoredContact>;
  /** Transactions that nobody has been told about. */
  unannounced: number;
};

export type StoredContact = { name: string | null; phone: string | null; person: string };

type Numeric = string | number;
type ConversationTuple = Omit<ListColumns, "state"> & {
  id: string;
  state: ListColumns["state"] | null;
  created_at: Timestamp | null;
  created_receipt: Numeric | null;
  closed_at: Timestamp | null;
  closed_receipt: Numeric | null;
  contact: string | null;
};
type MessageTuple = {
  id: string;
  conversation_id: string;
  direction: Direction;
  content: string;
  timestamp: Timestamp;
  receipt: Numeric;
};
type StatusTuple = {
  receipt: Numeric;
  message_id: string;
  conversation_id: string;
  timestamp: Timestamp;
  status: DeliveryStatus;
  detail: string | null;
};
type SayingTuple = { receipt: Numeric; timestamp: Timestamp; said: string };
type KeptTuple = { receipt: Numeric; event: string; reason: RejectionReason };

export async function takeSnapshot(probe: StoreProbe): Promise<Snapshot> {
  const conversations = await probe.rows<ConversationTuple>(
    "select id, state, created_at, created_receipt, closed_at, closed_receipt, contact, message_count, last_message_at, last_message_direction, waiting_since from conversations",
  );
  const messages = await probe.rows<MessageTuple>(
    "select id, conversation_id, direction, content, coalesce(sent_at, timestamp) as timestamp, receipt from messages",
  );
  const statuses = await probe.rows<StatusTuple>(
    "select receipt, message_id, conversation_id, timestamp, status, detail from message_statuses",
  );
  const states = await probe.rows<StatusTuple>(
    `select message_id, conversation_id, status from message_statuses as one where rank = (
      select max(rank) from message_statuses
      where message_id = one.message_id and conversation_id = one.conversation_id)`,
  );
  const kept = await probe.rows<KeptTuple>("select receipt, event, reason from unapplied_events");
  const updates = await probe.rows<SayingTuple>(
    "select receipt, timestamp, said from contact_sayings where timestamp is not null",
  );
  const contacts = await probe.rows<StoredContact & { key: string }>(
    "select key, person, name, phone from contacts",
  );
  const [outbox] = await probe.rows<{ count: Numeric }>("select count(*) as count from outbox");
  const known = conversations.filter(({ state }) => state !== null);
  return {
    applied: [...known.flatMap(factsOf), ...messages.map(messageOf), ...statuses.map(statusOf)],
    updates: updates.map(updateOf),
    kept: kept.map(({ receipt, event, reason }) => ({
      receipt: receiptOf(BigInt(receipt)),
      event: JSON.parse(event) as SentEvent,
      reason,
    })),
    lists: new Map(known.map((row) => [row.id, row as ListColumns])),
    states: new Map(states.map((row) => [stateKey(row), row.status])),
    contacts: new Map(contacts.map(({ key, ...known }) => [key, known])),
    unannounced: Number(outbox?.count ?? 0),
  };
}

export const stateKey = (of: { message_id: string; conversation_id: string }): string =>
  `${of.conversation_id} ${of.message_id}`;

const updateOf = ({ receipt, timestamp, said }: SayingTuple): AcceptedUpdate => ({
  receipt: receiptOf(BigInt(receipt)),
  event: { type: "UPDATE_CONTACT", timestamp, data: JSON.parse(said) as ContactUpdate["data"] },
});

function statusOf({
  receipt,
  timestamp,
  detail,
  message_id,
  conversation_id,
  status,
}: StatusTuple): AcceptedEvent {
  const data = { message_id, conversation_id, status, ...(detail === null ? {} : { detail }) };
  return { receipt: receiptOf(BigInt(receipt)), event: { type: "MESSAGE_STATUS", timestamp, data } };
}

function factsOf(row: ConversationTuple): AcceptedEvent[] {
  const fact = (
    type: "NEW_CONVERSATION" | "CLOSE_CONVERSATION",
    timestamp: Timestamp | null,
    receipt: Numeric | null,
    said: { contact?: ContactSaid } = {},
  ): AcceptedEvent[] =>
    timestamp === null || receipt === null
      ? []
      : [{ receipt: receiptOf(BigInt(receipt)), event: { type, timestamp, data: { id: row.id, ...said } } }];
  const said = row.contact === null ? {} : { contact: JSON.parse(row.contact) as ContactSaid };
  return [
    ...fact("NEW_CONVERSATION", row.created_at, row.created_receipt, said),
    ...fact("CLOSE_CONVERSATION", row.closed_at, row.closed_receipt),
  ];
}

function messageOf({ timestamp, receipt, ...data }: MessageTuple): AcceptedEvent {
  return { receipt: receiptOf(BigInt(receipt)), event: { type: "NEW_MESSAGE", timestamp, data } };
}
