import { idOf, type AcceptedEvent, type Outcome, type Receipt, type WebhookEvent } from "@fio/contracts";

/**
 * The table of the law, read literally: one event at a time against all that have a lower receipt. Quadratic, and
 * written apart from `settle` on purpose: the tests hold the two against each other.
 */
export function oneByOne(events: readonly AcceptedEvent[]): Map<Receipt, Outcome> {
  const created = events.filter(({ event }) => event.type === "NEW_CONVERSATION");
  const outcomes = new Map<Receipt, Outcome>();
  for (const { receipt, event } of events) {
    const lower = events.filter((other) => other.receipt < receipt);
    const equal = lower.filter((other) => same(other, event)).map((other) => other.receipt);
    const sameSubject = lower.some(
      (other) => other.event.type === event.type && idOf(other.event) === idOf(event),
    );
    const closedBefore = lower.some((other) => other.event.type === "CLOSE_CONVERSATION");
    outcomes.set(receipt, decideOne());

    function decideOne(): Outcome {
      if (equal.length > 0) return { kind: "duplicate", of: equal.toSorted()[0] as Receipt };
      if (created.length === 0) return { kind: "waiting" };
      if (event.type === "MESSAGE_STATUS") {
        const isKnown = events.some(
          (other) => other.event.type === "NEW_MESSAGE" && other.event.data.id === event.data.message_id,
        );
        return isKnown ? { kind: "applied" } : { kind: "waiting", missing: "message" };
      }
      if (event.type === "ASSIGN_CONVERSATION") return { kind: "applied" };
      if (sameSubject && event.type === "NEW_CONVERSATION")
        return { kind: "rejected", reason: "CONVERSATION_ALREADY_EXISTS" };
      if (sameSubject && event.type === "CLOSE_CONVERSATION")
        return { kind: "rejected", reason: "CONVERSATION_ALREADY_CLOSED" };
      if (sameSubject) return { kind: "rejected", reason: "MESSAGE_ID_CONFLICT" };
      if (event.type === "NEW_MESSAGE" && closedBefore)
        return { kind: "rejected", reason: "CONVERSATION_CLOSED" };
      return { kind: "applied" };
    }
  }
  return outcomes;
}

function same({ event: a }: AcceptedEvent, b: AcceptedEvent["event"]): boolean {
  return (
    a.type === b.type &&
    a.timestamp === b.timestamp &&
    idOf(a) === idOf(b) &&
    comparable(a.data) === comparable(b.data)
  );
}

/** Who has each conversation in the end: of all assignments that are applied the one with the greatest receipt tells. */
export function assignedOneByOne(
  events: readonly AcceptedEvent[],
  outcomes: ReadonlyMap<Receipt, Outcome>,
): string | null {
  const [last] = events
    .filter(({ receipt, event }) => event.type === "ASSIGN_CONVERSATION" && isApplied(outcomes.get(receipt)))
    .toSorted((a, b) => (a.receipt < b.receipt ? 1 : -1));
  if (last?.event.type !== "ASSIGN_CONVERSATION") return null;
  return JSON.stringify([last.receipt, last.event.data.agent]);
}

const isApplied = (outcome: Outcome | undefined): boolean => outcome?.kind === "applied";

/** Of an author or agent the id alone, of a contact channel and id, of a status all but its detail. */
function comparable(data: WebhookEvent["data"]): string {
  const author = "author" in data ? { author: data.author?.id } : {};
  const contact = "contact" in data ? { contact: [data.contact?.channel, data.contact?.id] } : {};
  const agent = "agent" in data ? { agent: data.agent?.id ?? null } : {};
  return JSON.stringify(
    Object.entries({ ...data, ...author, ...agent, ...contact, detail: null }).toSorted(),
  );
}
