import {
  mediaContentOf,
  nameOf,
  type AcceptedEvent,
  type Outcome,
  type PostedEvent,
  type Receipt,
  type RejectionReason,
  type WebhookEvent,
} from "@fio/contracts";

/**
 * The law: what becomes of each event of ONE conversation, as if they had been applied one by one in the order of
 * their receipts. Pure and total; the order in which they are given says nothing. Receipts are distinct.
 */
export function settle(events: readonly AcceptedEvent[]): Map<Receipt, Outcome> {
  const created = events.some(({ event }) => event.type === "NEW_CONVERSATION");
  const known = new Set(events.flatMap(({ event }) => (event.type === "NEW_MESSAGE" ? [event.data.id] : [])));
  const firstEqual = new Map<string, Receipt>();
  const named = new Set<string>();
  let closed = false;

  const outcomeOf = (event: WebhookEvent, equal: Receipt | undefined): Outcome => {
    if (equal !== undefined) return { kind: "duplicate", of: equal };
    if (!created) return { kind: "waiting" };
    if (event.type === "MESSAGE_STATUS")
      return known.has(event.data.message_id) ? { kind: "applied" } : { kind: "waiting", missing: "message" };
    if (event.type === "ASSIGN_CONVERSATION") return { kind: "applied" };
    if (named.has(subjectOf(event))) return { kind: "rejected", reason: SUBJECT_TAKEN[event.type] };
    if (event.type === "NEW_MESSAGE" && closed) return { kind: "rejected", reason: "CONVERSATION_CLOSED" };
    return { kind: "applied" };
  };

  const outcomes = new Map<Receipt, Outcome>();
  for (const { receipt, event } of events.toSorted(byReceipt)) {
    const content = contentOf(event);
    const equal = firstEqual.get(content);
    outcomes.set(receipt, outcomeOf(event, equal));
    if (equal === undefined) firstEqual.set(content, receipt);
    named.add(subjectOf(event));
    if (event.type === "CLOSE_CONVERSATION") closed = true;
  }
  return outcomes;
}

/** Statuses about one subject are equal, and so are assignments. */
const SUBJECT_TAKEN: Record<
  Exclude<WebhookEvent["type"], "MESSAGE_STATUS" | "ASSIGN_CONVERSATION">,
  RejectionReason
> = {
  NEW_CONVERSATION: "CONVERSATION_ALREADY_EXISTS",
  CLOSE_CONVERSATION: "CONVERSATION_ALREADY_CLOSED",
  NEW_MESSAGE: "MESSAGE_ID_CONFLICT",
};

/** Text order is the order of acceptance, see contracts. */
export function byReceipt(a: { receipt: Receipt }, b: { receipt: Receipt }): number {
  return a.receipt < b.receipt ? -1 : a.receipt > b.receipt ? 1 : 0;
}

/**
 * What an event is about: a conversation's creation, its close, one message id in it, a status or an assignment at a time, one
 * refused event, or a contact.
 */
export function subjectOf(event: PostedEvent): string {
  if (event.type === "MESSAGE_STATUS" || event.type === "ASSIGN_CONVERSATION") return contentOf(event);
  return `${event.type} ${nameOf(event)}`;
}

/**
 * The same for two normalised events exactly when type and all fields are, of an author or agent the id, of a contact channel and id, of a status all but its detail. The store keeps a hash of it for every
 * unapplied event: it may gain fields that no event had before, and otherwise never change.
 */
export function contentOf(event: PostedEvent): string {
  switch (event.type) {
    case "NEW_CONVERSATION": {
      const { id, contact } = event.data;
      const of = contact === undefined ? [] : [contact.channel, contact.id];
      return JSON.stringify([event.type, event.timestamp, id, ...of]);
    }
    case "CLOSE_CONVERSATION":
      return JSON.stringify([event.type, event.timestamp, event.data.id]);
    case "UPDATE_CONTACT": {
      const { channel, id, name, phone, formerly } = event.data;
      const said = [name, phone, formerly].map((field) => (field === undefined ? false : field));
      return JSON.stringify([event.type, event.timestamp, channel, id, ...said]);
    }
    case "NEW_MESSAGE": {
      const { id, direction, content, conversation_id, author, media } = event.data;
      const by = author === undefined ? [] : [author.id];
      // A list, so that it is taken for no author.
      const file = media === undefined ? [] : [mediaContentOf(media)];
      const more = [...by, ...file];
      return JSON.stringify([event.type, event.timestamp, id, direction, content, conversation_id, ...more]);
    }
    case "MESSAGE_STATUS": {
      const { message_id, conversation_id, status } = event.data;
      return JSON.stringify([event.type, event.timestamp, message_id, conversation_id, status]);
    }
    case "ASSIGN_CONVERSATION":
      return JSON.stringify([event.type, event.timestamp, event.data.id, event.data.agent?.id ?? null]);
    case "RESOLVE_REJECTION": {
      const { receipt, conversation_id, how } = event.data;
      const carriedTo = event.data.how === "carried" ? event.data.carried_to : null;
      return JSON.stringify([event.type, event.timestamp, receipt, conversation_id, how, carriedTo]);
    }
    default:
      return event satisfies never;
  }
}
