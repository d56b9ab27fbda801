import { nameOf, type Outcome, type Receipt } from "@fio/contracts";
import { contentKey, type AcceptedSent } from "../load/journal.ts";

/**
 * The table of the law over one conversation's events, or over what is said of one contact, read in the order of their receipts: the same as the one-by-one
 * reference of the domain, in one pass, since one conversation here may have tens of thousands of events. An outcome
 * belongs to the event, not to its receipt: two events may have been given the same one.
 */
export function outcomesByReceipt(events: readonly AcceptedSent[]): Map<AcceptedSent, Outcome> {
  const created = events.some(({ event }) => event.type === "NEW_CONVERSATION");
  const messages = new Set(
    events.filter(({ event }) => event.type === "NEW_MESSAGE").map(({ event }) => nameOf(event)),
  );
  const equals = new Map<string, Receipt>();
  const subjects = new Set<string>();
  let closed = false;

  const decide = ({ receipt, event }: AcceptedSent): Outcome => {
    const content = contentKey(event);
    const subject = `${event.type} ${nameOf(event)}`;
    const equal = equals.get(content);
    const named = subjects.has(subject);
    const afterClose = closed;
    if (equal === undefined) equals.set(content, receipt);
    subjects.add(subject);
    closed ||= event.type === "CLOSE_CONVERSATION";

    if (equal !== undefined) return { kind: "duplicate", of: equal };
    if (event.type === "UPDATE_CONTACT") return { kind: "applied" };
    if (!created) return { kind: "waiting" };
    if (event.type === "MESSAGE_STATUS")
      return messages.has(event.data.message_id)
        ? { kind: "applied" }
        : { kind: "waiting", missing: "message" };
    if (event.type === "ASSIGN_CONVERSATION") return { kind: "applied" };
    if (named) return { kind: "rejected", reason: CONFLICT[event.type] };
    if (event.type === "NEW_MESSAGE" && afterClose)
      return { kind: "rejected", reason: "CONVERSATION_CLOSED" };
    return { kind: "applied" };
  };
  const sorted = events.toSorted((a, b) => (a.receipt < b.receipt ? -1 : a.receipt > b.receipt ? 1 : 0));
  return new Map(sorted.map((accepted) => [accepted, decide(accepted)]));
}

const CONFLICT = {
  NEW_CONVERSATION: "CONVERSATION_ALREADY_EXISTS",
  CLOSE_CONVERSATION: "CONVERSATION_ALREADY_CLOSED",
  NEW_MESSAGE: "MESSAGE_ID_CONFLICT",
} as const;
