import { reasonToWait, nameOf, conversationIdOf, type Outcome, type RejectionReason } from "@fio/contracts";
import { contentKey, type AcceptedSent, type SentEvent } from "../load/journal.ts";
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
import { contactViolations, countingEvents } from "./contacts.ts";
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
  const all: ByEvent<AcceptedSent> = new Map([...held, ...acknowledgedEvents(known)]);
  const outcomes = outcomesOf(all, held);
  return [
    ...twice,
    ...repeatedReceipts(known, held),
    ...inventedEvents(known, held),
    ...misplacedEvents(known, { all, held, outcomes }),
    ...listViolations(snapshot),
    ...statusViolations(snapshot),
    ...contactViolations(countingEvents(outcomes), snapshot),
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

const stateIn = (held: ByEvent<Held>, accepted: AcceptedSent): State =>
  held.get(eventKey(accepted))?.state ?? "nowhere";

/** Of all that was accepted, by the law; none of what was kept by a fault of ours, which counts for nothing in it. */
function outcomesOf(all: ByEvent<AcceptedSent>, held: ByEvent<Held>): Map<AcceptedSent, Outcome> {
  const lawful = [...all.values()].filter((one) => stateIn(held, one) !== "INTERNAL_ERROR");
  const each = Map.groupBy(lawful, ({ event }) => conversationIdOf(event));
  return new Map([...each.values()].flatMap((events) => [...outcomesByReceipt(events)]));
}

function misplacedEvents(
  known: Known,
  {
    all,
    held,
    outcomes,
  }: { all: ByEvent<AcceptedSent>; held: ByEvent<Held>; outcomes: ReadonlyMap<AcceptedSent, Outcome> },
): Violation[] {
  const copies = Map.groupBy(held.values(), ({ event }) => contentKey(event));
  const conversationsOf = conversationsByMessageId(all.values());
  const isShared = (event: SentEvent): boolean =>
    event.type === "NEW_MESSAGE" && (conversationsOf.get(event.data.id)?.size ?? 0) > 1;

  const violationOf = (accepted: AcceptedSent): Violation | null => {
    const { receipt, event } = accepted;
    const outcome = outcomes.get(accepted);
    const is = stateIn(held, accepted);
    const should = outcome === undefined ? "INTERNAL_ERROR" : stateOf(outcome);
    const line = `${receipt} ${event.type} ${nameOf(event)}: is ${is}, one by one it is ${should}`;
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
  return [...all.values()].flatMap((accepted) => violationOf(accepted) ?? []);
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

function conversationsByMessageId(events: Iterable<AcceptedSent>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { event } of events) {
    if (event.type !== "NEW_MESSAGE") continue;
    const conversations = found.get(event.data.id) ?? new Set();
    found.set(event.data.id, conversations.add(event.data.conversation_id));
  }
  return found;
}
