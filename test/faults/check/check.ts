import {
  reasonToWait,
  idOf,
  conversationIdOf,
  type AcceptedEvent,
  type Outcome,
  type RejectionReason,
  type WebhookEvent,
} from "@fio/contracts";
import { contentKey } from "../load/journal.ts";
import type { Snapshot } from "../rig/store/snapshot.ts";
import {
  acknowledgedEvents,
  eventKey,
  heldEvents,
  inventedEvents,
  repeatedReceipts,
  type ByEvent,
  type Held,
  type Known,
} from "./known-events.ts";
import { outcomesByReceipt } from "./law.ts";
import { listViolations } from "./lists.ts";
import { contactViolations } from "./contacts.ts";
import { orderViolations } from "./order.ts";
import { statusViolations } from "./statuses.ts";
import { wrong, type Violation } from "./violation.ts";

/**
 * Compares the store with the reference over all accepted receipts.
 *
 * Which receipts were accepted is known only in part: an answer may have been lost on its way. The union of those
 * that were answered and those that the store shows is enough: an accepted event that is in neither can only be the
 * duplicate of an equal one with a lower receipt, which changes nothing for any other (or it was lost, and nobody was
 * promised it). In return, whatever the store shows without an answer must have been posted, at most as often as
 * posts of this very event were left without one.
 */
export function check(
  known: Known,
  snapshot: Snapshot,
  { partitions = 1 }: { partitions?: number } = {},
): Violation[] {
  const { held, twice } = heldEvents(snapshot);
  return [
    ...twice,
    ...repeatedReceipts(known, held),
    ...inventedEvents(known, held),
    ...misplacedEvents(known, held),
    ...listViolations(snapshot),
    ...statusViolations(snapshot),
    ...contactViolations(snapshot),
    ...ordered(known.acknowledged, partitions).flatMap(orderViolations),
    ...(snapshot.unannounced === 0
      ? []
      : [wrong(`${snapshot.unannounced} transactions were never announced`)]),
  ];
}

/** What must be in one order: all, or with partitions what is of one conversation. */
const ordered = (acknowledged: Known["acknowledged"], partitions: number): Array<Known["acknowledged"]> =>
  partitions === 1
    ? [acknowledged]
    : [...Map.groupBy(acknowledged, ({ event }) => conversationIdOf(event)).values()];

type State = Held["state"] | "nowhere";

function misplacedEvents(known: Known, held: ByEvent<Held>): Violation[] {
  const all: ByEvent<AcceptedEvent> = new Map([...held, ...acknowledgedEvents(known)]);
  const copies = Map.groupBy(held.values(), ({ event }) => contentKey(event));
  const conversationsOf = conversationsByMessageId(all.values());
  const isShared = (event: WebhookEvent): boolean =>
    event.type === "NEW_MESSAGE" && (conversationsOf.get(event.data.id)?.size ?? 0) > 1;
  const stateIn = (accepted: AcceptedEvent): State => held.get(eventKey(accepted))?.state ?? "nowhere";

  const violationOf = (accepted: AcceptedEvent, outcome: Outcome | undefined): Violation | null => {
    const { receipt, event } = accepted;
    const is = stateIn(accepted);
    const should = outcome === undefined ? "INTERNAL_ERROR" : stateOf(outcome);
    const line = `${receipt} ${event.type} ${idOf(event)}: is ${is}, one by one it is ${should}`;
    if (outcome === undefined) {
      return known.poisoned.has(contentKey(event))
        ? null
        : wrong(`${line}, and nothing made it fail`, receipt);
    }
    if (is === should) return null;
    if (isShared(event) && is === "MESSAGE_ID_CONFLICT" && mayLoseItsId(should)) return null;
    const inStore = copies.get(contentKey(event))?.length ?? 0;
    if (should === "nowhere" && inStore > 1) return { kind: "doubled", line, receipt };
    if (is === "nowhere" && inStore === 0) return { kind: "lost", line, receipt };
    return wrong(line, receipt);
  };

  const violations: Violation[] = [];
  for (const events of Map.groupBy(all.values(), ({ event }) => conversationIdOf(event)).values()) {
    // Kept by a fault of ours: counts for nothing in the law.
    const outcomes = outcomesByReceipt(events.filter((one) => stateIn(one) !== "INTERNAL_ERROR"));
    for (const accepted of events) {
      const violation = violationOf(accepted, outcomes.get(accepted));
      if (violation !== null) violations.push(violation);
    }
  }
  return violations;
}

/** Where the one-by-one reference would have the event: a duplicate leaves nothing behind. */
function stateOf(outcome: Outcome): State {
  switch (outcome.kind) {
    case "applied":
      return "applied";
    case "duplicate":
    case "erased":
      return "nowhere";
    case "waiting":
      return reasonToWait(outcome);
    case "rejected":
      return outcome.reason;
    default:
      return outcome satisfies never;
  }
}

/** Another conversation may have had the message id first, before or after a close of this one came. */
const mayLoseItsId = (should: "nowhere" | "applied" | RejectionReason): boolean =>
  should === "applied" || should === "CONVERSATION_CLOSED";

function conversationsByMessageId(events: Iterable<AcceptedEvent>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { event } of events) {
    if (event.type !== "NEW_MESSAGE") continue;
    const conversations = found.get(event.data.id) ?? new Set();
    found.set(event.data.id, conversations.add(event.data.conversation_id));
  }
  return found;
}
