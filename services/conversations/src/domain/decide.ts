import {
  idOf,
  reasonToWait,
  receiptOf,
  type AcceptedEvent,
  type EventType,
  type Outcome,
  type Receipt,
  type RejectionReason,
} from "@fio/contracts";
import { closeBelow } from "./lookups.ts";
import { settle } from "./settle.ts";
import type { Assigned, ConversationRecord, Decision, Fact, UnappliedEvent, Loaded } from "./types.ts";

/**
 * Applies the law to the incoming events and to what was read for them (`lookupsFor`), and says what to
 * write. Re-runs change nothing: an event found under its own receipt is the same event.
 */
export function decide(loaded: Loaded, incoming: readonly AcceptedEvent[]): Decision {
  const messages = byOwnReceipt(loaded.messages);
  const statuses = byOwnReceipt(loaded.statuses);
  const assignments = byOwnReceipt(loaded.assignments);
  const unapplied = byOwnReceipt(loaded.unapplied);
  const all = byOwnReceipt([
    ...factsAsEvents(loaded.conversation),
    ...messages.values(),
    ...statuses.values(),
    ...assignments.values(),
    ...unapplied.values(),
    ...incoming,
  ]);
  const outcomes = settle([...all.values()]);

  const conversation: ConversationRecord = {
    ...loaded.conversation,
    unsettledAbove: unsettledAfter(loaded, incoming),
  };
  const decision: Decision = {
    conversation,
    factsChanged: false,
    removeMessages: [],
    addMessages: [],
    addStatuses: [],
    addAssignments: [],
    addUnapplied: [],
    removeUnapplied: [],
    outcomes,
  };
  let assigned: Assigned | null = null;
  for (const [receipt, accepted] of all) {
    const outcome = outcomes.get(receipt);
    if (outcome === undefined) throw new Error(`the law left out ${receipt}`);
    const { event } = accepted;
    const applied = outcome.kind === "applied";

    if (event.type === "NEW_MESSAGE") {
      if (applied && !messages.has(receipt)) decision.addMessages.push(accepted);
      if (!applied && messages.has(receipt)) decision.removeMessages.push(accepted);
    } else if (event.type === "MESSAGE_STATUS") {
      if (applied && !statuses.has(receipt)) decision.addStatuses.push({ receipt, event });
    } else if (event.type === "ASSIGN_CONVERSATION") {
      if (applied && !assignments.has(receipt)) decision.addAssignments.push({ receipt, event });
      if (applied) assigned = laterOf(assigned, { receipt, agent: event.data.agent });
    } else if (applied) {
      conversation[FACT[event.type]] = factOf(accepted);
    }

    const reason = reasonNotApplied(outcome);
    if (reason === null) {
      if (unapplied.has(receipt)) decision.removeUnapplied.push(receipt);
    } else if (unapplied.get(receipt)?.reason !== reason) {
      decision.addUnapplied.push({ receipt, event, reason });
    }
  }
  // What was read and what comes holds the last one, whenever anything comes that could change it.
  if (decision.addAssignments.length > 0) conversation.assigned = assigned;
  decision.factsChanged =
    decision.addAssignments.length > 0 ||
    !sameFact(conversation.created, loaded.conversation.created) ||
    !sameFact(conversation.closed, loaded.conversation.closed) ||
    conversation.unsettledAbove !== loaded.conversation.unsettledAbove;
  return decision;
}

/** The last by receipt has it. */
const laterOf = (a: Assigned | null, b: Assigned): Assigned => (a === null || b.receipt > a.receipt ? b : a);

/** From where on steps must follow: the lowest of where they are and of what was left out now. */
function unsettledAfter(
  { conversation, leftOut }: Loaded,
  incoming: readonly AcceptedEvent[],
): Receipt | null {
  const receipts = [
    conversation.unsettledAbove,
    leftOut.waiting || leftOut.statuses ? BELOW_ALL : null,
    leftOut.messagesAbove ? closeBelow(conversation, incoming) : null,
  ].filter((receipt) => receipt !== null);
  return receipts.toSorted()[0] ?? null;
}

/**
 * The same decision once the store has said which message ids another conversation holds: message ids are unique
 * in the whole store, and only the unique index can tell.
 */
export function refuseTaken(decision: Decision, takenIds: ReadonlySet<string>): Decision {
  const taken = decision.addMessages.filter(({ event }) => takenIds.has(idOf(event)));
  if (taken.length === 0) return decision;
  const refused: UnappliedEvent[] = taken.map(({ receipt, event }) => ({
    receipt,
    event,
    reason: "MESSAGE_ID_CONFLICT",
  }));
  const receipts = new Set(taken.map(({ receipt }) => receipt));
  const outcomes = new Map(decision.outcomes);
  for (const receipt of receipts) outcomes.set(receipt, { kind: "rejected", reason: "MESSAGE_ID_CONFLICT" });
  return {
    ...decision,
    outcomes,
    addMessages: decision.addMessages.filter(({ receipt }) => !receipts.has(receipt)),
    addUnapplied: [...decision.addUnapplied, ...refused],
    removeUnapplied: decision.removeUnapplied.filter((receipt) => !receipts.has(receipt)),
  };
}

const BELOW_ALL = receiptOf(0);

const FACT = { NEW_CONVERSATION: "created", CLOSE_CONVERSATION: "closed" } as const satisfies Partial<
  Record<EventType, keyof ConversationRecord>
>;

function factOf({ receipt, event }: AcceptedEvent): Fact {
  const fact = { timestamp: event.timestamp, receipt };
  const contact = event.type === "NEW_CONVERSATION" ? event.data.contact : undefined;
  return contact === undefined ? fact : { ...fact, contact };
}

/** The creation and the close of a conversation, as events. */
export function factsAsEvents({ id, created, closed }: ConversationRecord): AcceptedEvent[] {
  const facts: AcceptedEvent[] = [];
  if (created !== null) {
    const { timestamp, receipt, contact } = created;
    const data = contact === undefined ? { id } : { id, contact };
    facts.push({ receipt, event: { type: "NEW_CONVERSATION", timestamp, data } });
  }
  if (closed !== null) {
    const { timestamp, receipt } = closed;
    facts.push({ receipt, event: { type: "CLOSE_CONVERSATION", timestamp, data: { id } } });
  }
  return facts;
}

function reasonNotApplied(outcome: Outcome): RejectionReason | null {
  switch (outcome.kind) {
    case "applied":
    case "duplicate":
    case "erased":
      return null;
    case "waiting":
      return reasonToWait(outcome);
    case "rejected":
      return outcome.reason;
    default:
      return outcome satisfies never;
  }
}

function byOwnReceipt<Accepted extends AcceptedEvent>(events: readonly Accepted[]): Map<Receipt, Accepted> {
  return new Map(events.map((accepted) => [accepted.receipt, accepted]));
}

function sameFact(a: Fact | null, b: Fact | null): boolean {
  return a?.receipt === b?.receipt && a?.timestamp === b?.timestamp;
}
