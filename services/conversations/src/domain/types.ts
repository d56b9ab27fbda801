import type { AcceptedEvent, EventType, Outcome, Receipt, RejectionReason, Timestamp } from "@fio/contracts";

/** A creation or a close that holds: what it says and the receipt it counts at. */
export type Fact = { timestamp: Timestamp; receipt: Receipt };

/** A conversation's row as loaded under its lock; a placeholder has no creation. */
export type ConversationRecord = { id: string; created: Fact | null; closed: Fact | null };

/** An accepted event that is kept without having been applied; `CONVERSATION_NOT_FOUND` means that it waits. */
export type KeptEvent = AcceptedEvent & { reason: RejectionReason; detail?: string };

/** What must be read, beside the row, before the law can decide on the events that come. */
export type Lookups = {
  /** The creation has come: all that is kept for the conversation counts. */
  allUnapplied: boolean;
  /** A close has come below the stored one: the messages with a receipt above this one. */
  messagesAbove: Receipt | null;
  /** Messages (of this conversation) and kept events with these subjects. */
  subjects: Array<{ type: EventType; id: string }>;
};

/** What was read. The same message or kept event may be given twice. */
export type Loaded = { conversation: ConversationRecord; messages: AcceptedEvent[]; unapplied: KeptEvent[] };

/** What the law makes of it: what to write, and what to tell. Everything not named here stays as it is. */
export type Decision = {
  /** After the decision. */
  conversation: ConversationRecord;
  /** Whether the creation or the close, or the receipt of one, is another than before. */
  factsChanged: boolean;
  /** Messages to delete by id; done before `addMessages`, which may bring the same id back. */
  removeMessages: AcceptedEvent[];
  addMessages: AcceptedEvent[];
  /** Kept events to write, over a row with the same receipt if there is one. */
  keep: KeptEvent[];
  /** Receipts of kept events to delete: applied by now, or found to be duplicates. */
  forget: Receipt[];
  /** Of every event that came. */
  outcomes: Map<Receipt, Outcome>;
};
