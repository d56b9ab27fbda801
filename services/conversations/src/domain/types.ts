import type {
  AcceptedEvent,
  EventType,
  Outcome,
  Receipt,
  RejectionReason,
  Timestamp,
  WebhookEvent,
} from "@fio/contracts";

/** A creation or a close that holds: what it says and the receipt it counts at. */
export type Fact = { timestamp: Timestamp; receipt: Receipt };

/** A conversation's row as loaded under its lock; a placeholder has no creation. */
export type ConversationRecord = { id: string; created: Fact | null; closed: Fact | null };

/** An accepted event that is not applied, and kept whole; `CONVERSATION_NOT_FOUND` means that it waits. */
export type UnappliedEvent = AcceptedEvent & { reason: RejectionReason; detail?: string };

/**
 * What must be read, beside the row, before the law can decide on the incoming events. Of unapplied events never all
 * that name a subject: there may be millions, and only the equal one and the lowest can change an outcome. Those that
 * are `INTERNAL_ERROR` count for nothing, and are found only under their own receipts.
 */
export type Lookups = {
  /** The creation has come: all unapplied events of the conversation count. */
  allUnapplied: boolean;
  /** A close has come below the stored one: the messages with a receipt above this one. */
  messagesAbove: Receipt | null;
  /** Messages of this conversation under these ids. */
  messageIds: string[];
  /** The unapplied event that is equal to each of these. */
  equalTo: WebhookEvent[];
  /** The unapplied event with the lowest receipt of each of these subjects. */
  lowestOf: Array<{ type: EventType; id: string }>;
  /** The unapplied events under these receipts. */
  under: Receipt[];
};

/** What was read. The same message or unapplied event may be given twice. */
export type Loaded = {
  conversation: ConversationRecord;
  messages: AcceptedEvent[];
  unapplied: UnappliedEvent[];
};

/** What the law makes of it: what to write, and what to tell. Everything not named here stays as it is. */
export type Decision = {
  /** After the decision. */
  conversation: ConversationRecord;
  /** Whether the creation or the close, or the receipt of one, is another than before. */
  factsChanged: boolean;
  /** Messages to delete by id; done before `addMessages`, which may bring the same id back. */
  removeMessages: AcceptedEvent[];
  addMessages: AcceptedEvent[];
  /** Unapplied events to write, over a row with the same receipt if there is one. */
  addUnapplied: UnappliedEvent[];
  /** Receipts of unapplied events to delete: applied by now, or found to be duplicates. */
  removeUnapplied: Receipt[];
  /** Of every event that came. */
  outcomes: Map<Receipt, Outcome>;
};
