import {
  conversationIdOf,
  idOf,
  isWaiting,
  type AcceptedEvent,
  type Outcome,
  type Receipt,
  type WebhookEvent,
} from "@fio/contracts";
import { byReceipt, contentOf } from "../settle.ts";
import type * as law from "../index.ts";
import type {
  AcceptedAssignment,
  AcceptedStatus,
  ConversationRecord,
  UnappliedEvent,
  Loaded,
  Lookups,
} from "../types.ts";

/** The functions of the law that the applier calls; a test passes mutated ones. */
export type Law = Pick<typeof law, "chooseStep" | "decide" | "lookupsFor" | "refuseTaken">;

/** A store in memory that reads exactly what the look-ups name, as the real one does, so that tests are fast. */
export class ModelStore {
  readonly conversations = new Map<string, ConversationRecord>();
  /** By id: unique in the whole store. */
  readonly messages = new Map<string, AcceptedEvent>();
  /** By content: of equal ones there is one. */
  readonly statuses = new Map<string, AcceptedStatus>();
  readonly assignments = new Map<string, AcceptedAssignment>();
  readonly unapplied = new Map<Receipt, UnappliedEvent>();
  readonly #law: Law;
  readonly #limit: number;

  /** `limit`: the most events that one transaction takes beside those that come. */
  constructor(rules: Law, limit = 1_000) {
    this.#law = rules;
    this.#limit = limit;
  }

  /** Applies one batch, as one transaction does; gives the outcomes of its events. */
  apply(batch: readonly AcceptedEvent[]): Map<Receipt, Outcome> {
    const outcomes = new Map<Receipt, Outcome>();
    for (const id of new Set(batch.map(({ event }) => conversationIdOf(event)).toSorted())) {
      const incoming = batch.filter(({ event }) => conversationIdOf(event) === id);
      for (const [receipt, outcome] of this.#applyTo(id, incoming)) outcomes.set(receipt, outcome);
    }
    return outcomes;
  }

  /** Keeps an event that failed by our own fault, as the worker does. */
  keepAsFault(accepted: AcceptedEvent): void {
    this.unapplied.set(accepted.receipt, { ...accepted, reason: "INTERNAL_ERROR" });
  }

  /** Whether any conversation has events that need a further step. */
  unsettled(): string[] {
    return [...this.conversations.values()]
      .filter(({ unsettledAbove }) => unsettledAbove !== null)
      .map(({ id }) => id);
  }

  /** Takes one further step with a conversation, as a transaction of its own. */
  step(id: string): void {
    const conversation = this.conversations.get(id);
    const from = conversation?.unsettledAbove ?? null;
    if (conversation === undefined || from === null) return;
    const next = (events: Iterable<AcceptedEvent>, is: (event: AcceptedEvent) => boolean): AcceptedEvent[] =>
      [...events]
        .filter((one) => conversationIdOf(one.event) === id && one.receipt > from && is(one))
        .toSorted(byReceipt)
        .slice(0, this.#limit);
    const closed = conversation.closed?.receipt;
    const waiting = next(this.unapplied.values(), ({ receipt }) =>
      isWaiting(this.unapplied.get(receipt)?.reason ?? "INTERNAL_ERROR"),
    );
    const above = next(this.messages.values(), ({ receipt }) => closed !== undefined && receipt > closed);
    const sized = (events: AcceptedEvent[]) => events.map(({ receipt }) => ({ receipt, units: 1 }));
    const { receipts, unsettledAbove } = this.#law.chooseStep(
      { waiting: sized(waiting), above: sized(above) },
      { events: this.#limit, units: this.#limit },
    );
    const incoming = [...waiting, ...above].filter(({ receipt }) => receipts.includes(receipt));
    this.#decideOn({ ...conversation, unsettledAbove }, incoming);
  }

  /** A store of its own with the same content, in which all steps are taken. */
  settled(): ModelStore {
    const copy = new ModelStore(this.#law, this.#limit);
    for (const [id, one] of this.conversations) copy.conversations.set(id, one);
    for (const [id, one] of this.messages) copy.messages.set(id, one);
    for (const [content, one] of this.statuses) copy.statuses.set(content, one);
    for (const [content, one] of this.assignments) copy.assignments.set(content, one);
    for (const [receipt, one] of this.unapplied) copy.unapplied.set(receipt, one);
    let steps = 0;
    for (let [id] = copy.unsettled(); id !== undefined; [id] = copy.unsettled()) {
      copy.step(id);
      if ((steps += 1) > 100) throw new Error("steps have no end");
    }
    return copy;
  }

  #applyTo(id: string, incoming: AcceptedEvent[]): Map<Receipt, Outcome> {
    const none = { id, created: null, closed: null, assigned: null, unsettledAbove: null };
    return this.#decideOn(this.conversations.get(id) ?? none, incoming);
  }

  #decideOn(conversation: ConversationRecord, incoming: AcceptedEvent[]): Map<Receipt, Outcome> {
    const loaded = this.#load(conversation, this.#law.lookupsFor(conversation, incoming));
    const first = this.#law.decide(loaded, incoming);
    for (const { event } of first.removeMessages) this.messages.delete(idOf(event));
    const taken = first.addMessages
      .map(({ event }) => idOf(event))
      .filter((message) => this.messages.has(message));
    const decision = this.#law.refuseTaken(first, new Set(taken));
    for (const accepted of decision.addMessages) this.messages.set(idOf(accepted.event), accepted);
    for (const added of decision.addStatuses) {
      const held = this.statuses.get(contentOf(added.event));
      if (held !== undefined && held.receipt <= added.receipt)
        throw new Error("a status that was there already");
      this.statuses.set(contentOf(added.event), added);
    }
    for (const added of decision.addAssignments) {
      const held = this.assignments.get(contentOf(added.event));
      if (held !== undefined && held.receipt <= added.receipt)
        throw new Error("an assignment that was there already");
      this.assignments.set(contentOf(added.event), added);
    }
    for (const kept of decision.addUnapplied) {
      this.unapplied.set(kept.receipt, kept as UnappliedEvent);
    }
    for (const receipt of decision.removeUnapplied) this.unapplied.delete(receipt);
    this.conversations.set(conversation.id, decision.conversation);
    return decision.outcomes;
  }

  #load(conversation: ConversationRecord, lookups: Lookups): Loaded {
    const { waiting, messagesAbove, messageIds, equalTo, lowestOf, statusesOf, statusEqualTo, under } =
      lookups;
    const ofConversation = ({ event }: AcceptedEvent): boolean => conversationIdOf(event) === conversation.id;
    const contents = new Set(lookups.assignments.map(contentOf));
    const isOther = (one: AcceptedAssignment): boolean => !contents.has(contentOf(one.event));
    const assignments = [...this.assignments.values()].filter(ofConversation);
    const messages = [...this.messages.values()].filter(ofConversation);
    const unapplied = [...this.unapplied.values()].filter(ofConversation).toSorted(byReceipt);
    const counting = unapplied.filter(({ reason }) => reason !== "INTERNAL_ERROR");
    const first = (is: (event: WebhookEvent) => boolean): UnappliedEvent[] =>
      counting.filter(({ event }) => is(event)).slice(0, 1);
    const waits = waiting ? counting.filter(({ reason }) => reason === "CONVERSATION_NOT_FOUND") : [];
    const above = messages.filter(({ receipt }) => messagesAbove !== null && receipt > messagesAbove);
    const orphans = counting.filter(
      ({ event }) => event.type === "MESSAGE_STATUS" && statusesOf.includes(event.data.message_id),
    );
    const leftOut = {
      waiting: waits.length > this.#limit,
      messagesAbove: above.length > this.#limit,
      statuses: orphans.length > this.#limit,
    };
    return {
      conversation,
      leftOut,
      messages: [
        ...messages.filter(({ event }) => messageIds.includes(idOf(event))),
        ...(leftOut.messagesAbove ? [] : above),
      ],
      statuses: statusEqualTo.flatMap((event) => this.statuses.get(contentOf(event)) ?? []),
      assignments:
        contents.size === 0
          ? []
          : [
              ...assignments.filter((one) => !isOther(one)),
              ...assignments.filter(isOther).toSorted(byReceipt).slice(-1),
            ],
      unapplied: [
        ...(leftOut.statuses ? [] : orphans),
        ...(leftOut.waiting ? [] : waits),
        ...equalTo.flatMap((event) => first((one) => contentOf(one) === contentOf(event))),
        ...lowestOf.flatMap(({ type, id }) => first((one) => one.type === type && idOf(one) === id)),
        ...unapplied.filter(({ receipt }) => under.includes(receipt)),
      ],
    };
  }
}
