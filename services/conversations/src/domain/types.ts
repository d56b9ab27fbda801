import type {
  AcceptedAct,
  AcceptedEvent,
  AcceptedUpdate,
  AssignConversation,
  Author,
  ContactSaid,
  EventType,
  Outcome,
  Receipt,
  RejectionReason,
  Timestamp,
  MessageStatus,
  WebhookEvent,
} from "@fio/contracts";

/** A creation or a close that holds: what it says and the receipt it counts at; of a creation, whose it is. */
export type Fact = { timestamp: Timestamp; receipt: Receipt; contact?: ContactSaid };

/** Who has a conversation, by the assignment that counts; `agent` null: it was given back. */
export type Assigned = { receipt: Receipt; agent: Author | null };

/** A conversation's row as loaded under its lock; a placeholder has no creation. */
export type ConversationRecord = {
  id: string;
  created: Fact | null;
  closed: Fact | null;
  /** `null`: no assignment is known. */
  assigned: Assigned | null;
  /**
   * Events above this receipt that were there before the creation or the close came may not have their outcome yet: they
   * get it in steps ({@link chooseStep}). `null`: all have.
   */
  unsettledAbove: Receipt | null;
};

/** An accepted event that is not applied, and kept whole; `CONVERSATION_NOT_FOUND` means that it waits. */
export type UnappliedEvent = AcceptedEvent & { reason: RejectionReason; detail?: string };

/** A status that is applied. */
export type AcceptedStatus = { receipt: Receipt; event: MessageStatus };

/** An assignment that is applied. */
export type AcceptedAssignment = { receipt: Receipt; event: AssignConversation };

/** What is kept beside what is applied: an agent's act, or what is about a contact, only as `INTERNAL_ERROR`. */
export type KeptEvent =
  UnappliedEvent | ((AcceptedAct | AcceptedUpdate) & { reason: "INTERNAL_ERROR"; detail?: string });

/**
 * What must be read, beside the row, before the law can decide on the incoming events. Of unapplied events never all
 * that name a subject: there may be millions, and only the equal one and the lowest can change an outcome. Those that
 * are `INTERNAL_ERROR` count for nothing, and are found only under their own receipts.
 */
export type Lookups = {
  /** The creation comes: the events that wait for it. */
  waiting: boolean;
  /** A close has come below the stored one: the messages with a receipt above this one. */
  messagesAbove: Receipt | null;
  /** Messages of this conversation under these ids. */
  messageIds: string[];
  /** The unapplied event that is equal to each of these. */
  equalTo: WebhookEvent[];
  /** The unapplied event with the lowest receipt of each of these subjects. */
  lowestOf: Array<{ type: EventType; id: string }>;
  /** The unapplied statuses of these messages, which wait for them. */
  statusesOf: string[];
  /** The applied status that is equal to each of these. */
  statusEqualTo: MessageStatus[];
  /** The applied assignment that is equal to each of these, and the last one that is equal to none of them. */
  assignments: AssignConversation[];
  /** The unapplied events under these receipts. */
  under: Receipt[];
};

/** What was read. The same message or unapplied event may be given twice; `INTERNAL_ERROR` ones only as named. */
export type Loaded = {
  conversation: ConversationRecord;
  messages: AcceptedEvent[];
  unapplied: UnappliedEvent[];
  statuses: AcceptedStatus[];
  assignments: AcceptedAssignment[];
  /** Those that wait, or the messages above a close, are too many for one transaction and follow in steps. */
  leftOut: { waiting: boolean; messagesAbove: boolean; statuses: boolean };
};

/** What the law makes of it: what to write, and what to tell. Everything not named here stays as it is. */
export type Decision = {
  /** After the decision. */
  conversation: ConversationRecord;
  /** Whether the creation or the close, the receipt of one, who has it, or how far steps are, is other than before. */
  factsChanged: boolean;
  /** Messages to delete by id; done before `addMessages`, which may bring the same id back. */
  removeMessages: AcceptedEvent[];
  addMessages: AcceptedEvent[];
  /** Statuses to write, over an equal one under a higher receipt if there is one. */
  addStatuses: AcceptedStatus[];
  /** Assignments to write, likewise. */
  addAssignments: AcceptedAssignment[];
  /** Unapplied events to write, over a row with the same receipt if there is one. */
  addUnapplied: KeptEvent[];
  /** Receipts of unapplied events to delete: applied by now, or found to be duplicates. */
  removeUnapplied: Receipt[];
  /** Of every event that came. */
  outcomes: Map<Receipt, Outcome>;
};
