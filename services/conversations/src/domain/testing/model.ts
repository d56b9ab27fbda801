import {
  conversationIdOf,
  type AcceptedEvent,
  type Outcome,
  type Receipt,
  type WebhookEvent,
} from "@fio/contracts";
import { byReceipt, contentOf } from "../settle.ts";
import type * as law from "../index.ts";
import type { ConversationRecord, UnappliedEvent, Loaded, Lookups } from "../types.ts";

/** The functions of the law that the applier calls; a test passes mutated ones. */
export type Law = Pick<typeof law, "decide" | "lookupsFor" | "refuseTaken">;

/** A store in memory that reads exactly what the look-ups name, as the real one does, so that tests are fast. */
export class ModelStore {
  readonly conversations = new Map<string, ConversationRecord>();
  /** By id: unique in the whole store. */
  readonly messages = new Map<string, AcceptedEvent>();
  readonly unapplied = new Map<Receipt, UnappliedEvent>();
  readonly #law: Law;

  constructor(rules: Law) {
    this.#law = rules;
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

  #applyTo(id: string, incoming: AcceptedEvent[]): Map<Receipt, Outcome> {
    const conversation = this.conversations.get(id) ?? { id, created: null, closed: null };
    const loaded = this.#load(conversation, this.#law.lookupsFor(conversation, incoming));
    const first = this.#law.decide(loaded, incoming);
    for (const { event } of first.removeMessages) this.messages.delete(event.data.id);
    const taken = first.addMessages
      .map(({ event }) => event.data.id)
      .filter((message) => this.messages.has(message));
    const decision = this.#law.refuseTaken(first, new Set(taken));
    for (const accepted of decision.addMessages) this.messages.set(accepted.event.data.id, accepted);
    for (const unapplied of decision.addUnapplied) this.unapplied.set(unapplied.receipt, unapplied);
    for (const receipt of decision.removeUnapplied) this.unapplied.delete(receipt);
    this.conversations.set(id, decision.conversation);
    return decision.outcomes;
  }

  #load(conversation: ConversationRecord, lookups: Lookups): Loaded {
    const { allUnapplied, messagesAbove, messageIds, equalTo, lowestOf, under } = lookups;
    const ofConversation = ({ event }: AcceptedEvent): boolean => conversationIdOf(event) === conversation.id;
    const unapplied = [...this.unapplied.values()].filter(ofConversation).toSorted(byReceipt);
    const counting = unapplied.filter(({ reason }) => reason !== "INTERNAL_ERROR");
    const first = (is: (event: WebhookEvent) => boolean): UnappliedEvent[] =>
      counting.filter(({ event }) => is(event)).slice(0, 1);
    return {
      conversation,
      messages: [...this.messages.values()].filter(
        (held) =>
          ofConversation(held) &&
          (messageIds.includes(held.event.data.id) ||
            (messagesAbove !== null && held.receipt > messagesAbove)),
      ),
      unapplied: [
        ...(allUnapplied ? unapplied : []),
        ...equalTo.flatMap((event) => first((one) => contentOf(one) === contentOf(event))),
        ...lowestOf.flatMap(({ type, id }) => first((one) => one.type === type && one.data.id === id)),
        ...unapplied.filter(({ receipt }) => under.includes(receipt)),
      ],
    };
  }
}
