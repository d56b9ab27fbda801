import {
  conversationIdOf,
  type AcceptedEvent,
  type Outcome,
  type Receipt,
  type RejectionReason,
  type WebhookEvent,
} from "@fio/contracts";
import { oneByOne } from "../../../services/conversations/src/domain/testing/reference.ts";
import { contentKey, type Journal } from "../load/journal.ts";
import type { Snapshot } from "../rig/store/snapshot.ts";
import { listFaults } from "./lists.ts";
import { orderFaults } from "./order.ts";

/** An event that is not where it has to be. */
export type Violation = { kind: "lost" | "doubled" | "wrong"; line: string; receipt?: Receipt };

type Known = Pick<Journal, "acknowledged" | "unsure" | "poisoned">;

/**
 * Compares the store with the reference over all accepted receipts.
 *
 * Which receipts were accepted is known only in part: an answer may have been lost on its way. The union of those
 * that were answered and those that the store shows is enough: an accepted event that is in neither can only be the
 * duplicate of an equal one with a lower receipt, which changes nothing for any other (or it was lost, and nobody was
 * promised it). In return, whatever the store shows without an answer must have been posted, at most as often as
 * posts of this very event were left without one.
 */
export function check(known: Known, snapshot: Snapshot): Violation[] {
  const { held, twice } = heldByReceipt(snapshot);
  const { acknowledged, repeated } = acknowledgedByReceipt(known);
  const all = new Map<Receipt, AcceptedEvent>([...held, ...acknowledged]);
  return [
    ...twice,
    ...repeated,
    ...inventedIn({ held, acknowledged, known }),
    ...misplaced({ all, held, known }),
    ...listFaults(snapshot),
    ...orderFaults(known.acknowledged),
    ...(snapshot.unannounced === 0
      ? []
      : [wrong(`${snapshot.unannounced} transactions were never announced`)]),
  ];
}

type State = "applied" | "nowhere" | RejectionReason;
type Held = AcceptedEvent & { state: State };

const wrong = (line: string, receipt?: Receipt): Violation => ({
  kind: "wrong",
  line,
  ...(receipt === undefined ? {} : { receipt }),
});

function misplaced({
  all,
  held,
  known,
}: {
  all: Map<Receipt, AcceptedEvent>;
  held: Map<Receipt, Held>;
  known: Known;
}): Violation[] {
  const stored = Map.groupBy(held.values(), ({ event }) => contentKey(event));
  const conversationsOf = conversationsByMessageId(all.values());
  const isShared = ({ type, data }: WebhookEvent): boolean =>
    type === "NEW_MESSAGE" && (conversationsOf.get(data.id)?.size ?? 0) > 1;

  const violationOf = ({ receipt, event }: AcceptedEvent, outcome: Outcome | undefined): Violation | null => {
    const is = held.get(receipt)?.state ?? "nowhere";
    const should = outcome === undefined ? "INTERNAL_ERROR" : stateOf(outcome);
    const line = `${receipt} ${event.type} ${event.data.id}: is ${is}, one by one it is ${should}`;
    if (outcome === undefined) {
      return known.poisoned.has(contentKey(event))
        ? null
        : wrong(`${line}, and nothing made it fail`, receipt);
    }
    if (is === should) return null;
    if (isShared(event) && is === "MESSAGE_ID_CONFLICT" && mayLoseItsId(should)) return null;
    const copies = stored.get(contentKey(event))?.length ?? 0;
    if (should === "nowhere" && copies > 1) return { kind: "doubled", line, receipt };
    if (is === "nowhere" && copies === 0) return { kind: "lost", line, receipt };
    return wrong(line, receipt);
  };

  const violations: Violation[] = [];
  for (const events of Map.groupBy(all.values(), ({ event }) => conversationIdOf(event)).values()) {
    // Kept by a fault of ours: counts for nothing in the law.
    const counting = events.filter(({ receipt }) => held.get(receipt)?.state !== "INTERNAL_ERROR");
    const outcomes = oneByOne(counting);
    for (const accepted of events) {
      const violation = violationOf(accepted, outcomes.get(accepted.receipt));
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
      return "nowhere";
    case "waiting":
      return "CONVERSATION_NOT_FOUND";
    case "rejected":
      return outcome.reason;
    default:
      return outcome satisfies never;
  }
}

/** Another conversation may have had the message id first, before or after a close of this one came. */
const mayLoseItsId = (should: State): boolean => should === "applied" || should === "CONVERSATION_CLOSED";

function heldByReceipt({ applied, kept }: Snapshot): { held: Map<Receipt, Held>; twice: Violation[] } {
  const held = new Map<Receipt, Held>();
  const twice: Violation[] = [];
  const add = (one: Held): void => {
    const before = held.get(one.receipt);
    if (before !== undefined) {
      const line = `${one.receipt} is in the store twice: ${before.state} and ${one.state}`;
      twice.push({ kind: "doubled", line, receipt: one.receipt });
    }
    held.set(one.receipt, one);
  };
  for (const accepted of applied) add({ ...accepted, state: "applied" });
  for (const { receipt, event, reason } of kept) add({ receipt, event, state: reason });
  return { held, twice };
}

function acknowledgedByReceipt(known: Known): {
  acknowledged: Map<Receipt, AcceptedEvent>;
  repeated: Violation[];
} {
  const acknowledged = new Map<Receipt, AcceptedEvent>();
  const repeated: Violation[] = [];
  for (const { receipt, event } of known.acknowledged) {
    if (acknowledged.has(receipt)) repeated.push(wrong(`${receipt} was given twice`, receipt));
    acknowledged.set(receipt, { receipt, event });
  }
  return { acknowledged, repeated };
}

function inventedIn({
  held,
  acknowledged,
  known,
}: {
  held: Map<Receipt, Held>;
  acknowledged: Map<Receipt, AcceptedEvent>;
  known: Known;
}): Violation[] {
  const left = new Map(known.unsure);
  const faults: Violation[] = [];
  for (const [receipt, { event }] of held) {
    const answered = acknowledged.get(receipt);
    const key = contentKey(event);
    if (answered !== undefined) {
      if (contentKey(answered.event) !== key) {
        faults.push(wrong(`${receipt} holds another event than was accepted under it`, receipt));
      }
      continue;
    }
    const unsure = left.get(key) ?? 0;
    if (unsure === 0)
      faults.push(wrong(`${receipt} ${event.type} ${event.data.id} was never posted so often`, receipt));
    left.set(key, unsure - 1);
  }
  return faults;
}

function conversationsByMessageId(events: Iterable<AcceptedEvent>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { event } of events) {
    if (event.type !== "NEW_MESSAGE") continue;
    const conversations = found.get(event.data.id) ?? new Set();
    found.set(event.data.id, conversations.add(event.data.conversation_id));
  }
  return found;
}
