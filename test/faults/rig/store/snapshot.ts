import {
  receiptOf,
  type AcceptedEvent,
  type Direction,
  type RejectionReason,
  type Timestamp,
  type WebhookEvent,
} from "@fio/contracts";
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
  /** Creations, closes and messages that are in it. */
  applied: AcceptedEvent[];
  kept: Array<AcceptedEvent & { reason: RejectionReason }>;
  /** Of conversations that exist; placeholders are left out. */
  lists: Map<string, ListColumns>;
  /** Transactions that nobody has been told about. */
  unannounced: number;
};

type Numeric = string | number;
type ConversationTuple = Omit<ListColumns, "state"> & {
  id: string;
  state: ListColumns["state"] | null;
  created_at: Timestamp | null;
  created_receipt: Numeric | null;
  closed_at: Timestamp | null;
  closed_receipt: Numeric | null;
};
type MessageTuple = {
  id: string;
  conversation_id: string;
  direction: Direction;
  content: string;
  timestamp: Timestamp;
  receipt: Numeric;
};
type KeptTuple = { receipt: Numeric; event: string; reason: RejectionReason };

export async function takeSnapshot(probe: StoreProbe): Promise<Snapshot> {
  const conversations = await probe.rows<ConversationTuple>(
    "select id, state, created_at, created_receipt, closed_at, closed_receipt, message_count, last_message_at, last_message_direction, waiting_since from conversations",
  );
  const messages = await probe.rows<MessageTuple>(
    "select id, conversation_id, direction, content, coalesce(sent_at, timestamp) as timestamp, receipt from messages",
  );
  const kept = await probe.rows<KeptTuple>("select receipt, event, reason from unapplied_events");
  const [outbox] = await probe.rows<{ count: Numeric }>("select count(*) as count from outbox");
  const known = conversations.filter(({ state }) => state !== null);
  return {
    applied: [...known.flatMap(factsOf), ...messages.map(messageOf)],
    kept: kept.map(({ receipt, event, reason }) => ({
      receipt: receiptOf(BigInt(receipt)),
      event: JSON.parse(event) as WebhookEvent,
      reason,
    })),
    lists: new Map(known.map((row) => [row.id, row as ListColumns])),
    unannounced: Number(outbox?.count ?? 0),
  };
}

function factsOf(row: ConversationTuple): AcceptedEvent[] {
  const fact = (
    type: "NEW_CONVERSATION" | "CLOSE_CONVERSATION",
    timestamp: Timestamp | null,
    receipt: Numeric | null,
  ): AcceptedEvent[] =>
    timestamp === null || receipt === null
      ? []
      : [{ receipt: receiptOf(BigInt(receipt)), event: { type, timestamp, data: { id: row.id } } }];
  return [
    ...fact("NEW_CONVERSATION", row.created_at, row.created_receipt),
    ...fact("CLOSE_CONVERSATION", row.closed_at, row.closed_receipt),
  ];
}

function messageOf({ timestamp, receipt, ...data }: MessageTuple): AcceptedEvent {
  return { receipt: receiptOf(BigInt(receipt)), event: { type: "NEW_MESSAGE", timestamp, data } };
}
