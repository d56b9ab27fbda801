import { placeOf, type AcceptedEvent, type NewMessage, type Receipt, type Timestamp } from "@fio/contracts";
import type { Decision } from "../domain/index.ts";
import { highest, lowest } from "./extremes.ts";
import type { LateChanges } from "./late-messages.ts";
import type { LastSent, StoredConversation, Unanswered } from "./rows.ts";
import type { SentChanges } from "./sent-changes.ts";

/** The same where it is known without a look at the store. */
export type Expected = { [Field in keyof Unanswered]: Unanswered[Field] | "unknown" };

export const NOTHING_UNANSWERED: Unanswered = { since: null, lastSent: null, lastReceivedReceipt: null };

/** How it stands once `decision` is carried out: a few comparisons, unless what was the lowest or highest goes. */
export function unansweredAfter(
  stored: StoredConversation,
  decision: Decision,
  { late, sent }: { late: LateChanges; sent: SentChanges },
): Expected {
  const [added, removed] = [standings(decision.addMessages), standings(decision.removeMessages)];
  const lastSent = lastSentAfter(stored.unanswered.lastSent, sent);
  const isClosed = decision.conversation.closed !== null;
  return {
    lastSent,
    since: isClosed ? lateSince(stored, late) : openSince(stored, { lastSent, added, removed }),
    lastReceivedReceipt: lastReceivedAfter(stored.unanswered.lastReceivedReceipt, {
      added: [...added, ...late.added],
      left: [...removed, ...late.left],
    }),
  };
}

/** A message as it counts here. */
type Standing = { place: Timestamp; receipt: Receipt };

/** Where the customer's messages among them stand. */
const standings = (events: readonly AcceptedEvent[]): Standing[] =>
  events.filter(({ event }) => (event as NewMessage).data.direction === "RECEIVED").map(standingOf);

const standingOf = ({ receipt, event }: AcceptedEvent): Standing => ({
  place: placeOf({ timestamp: event.timestamp, receipt }),
  receipt,
});

function lastSentAfter(before: LastSent | null, sent: SentChanges): Expected["lastSent"] {
  if (sent === "unknown") return "unknown";
  const wasLast = ({ place, receipt }: Standing): boolean =>
    place === before?.place || receipt === before?.receipt;
  if (sent.countsNoMore.map(standingOf).some(wasLast)) return "unknown";
  return sent.counts
    .map(standingOf)
    .reduce<LastSent | null>((last, one) => (last === null ? one : higherOf(last, one)), before);
}

/** Of each the higher. */
function higherOf(a: LastSent, b: LastSent): LastSent {
  return {
    place: a.place > b.place ? a.place : b.place,
    receipt: a.receipt > b.receipt ? a.receipt : b.receipt,
  };
}

function isUnanswered({ place, receipt }: Standing, lastSent: LastSent | null): boolean {
  return lastSent === null || place > lastSent.place || receipt > lastSent.receipt;
}

/** Until a conversation is closed nothing in it is late. */
function lateSince({ record, unanswered }: StoredConversation, late: LateChanges): Expected["since"] {
  const before = record.closed === null ? null : unanswered.since;
  return sinceAfter(before, { left: late.left, added: late.added });
}

function openSince(
  stored: StoredConversation,
  {
    lastSent,
    added,
    removed,
  }: { lastSent: Expected["lastSent"]; added: readonly Standing[]; removed: readonly Standing[] },
): Expected["since"] {
  if (lastSent === "unknown") return "unknown";
  const before = stillSince(stored, lastSent);
  if (before === "unknown") return "unknown";
  return sinceAfter(before, { left: removed, added: added.filter((one) => isUnanswered(one, lastSent)) });
}

/** What stands lowest may go only where something else stands as low. */
function sinceAfter(
  before: Timestamp | null,
  { left, added }: { left: readonly Standing[]; added: readonly Standing[] },
): Expected["since"] {
  const after = lowest(before, ...added.map(({ place }) => place));
  const isGone = before !== null && left.some(({ place }) => place === before);
  const isKept = added.some(({ place }) => place === after);
  return isGone && !isKept ? "unknown" : after;
}

/** Since when, of the messages that were there before, the customer waits now that `lastSent` is what was sent last. */
function stillSince({ unanswered, last }: StoredConversation, lastSent: LastSent | null): Expected["since"] {
  const { since, lastSent: before, lastReceivedReceipt } = unanswered;
  if (since === null || lastSent === null) return since;
  if (lastSent.place === before?.place && lastSent.receipt === before.receipt) return since;
  // The message that stands there is unanswered by its place, and none that is stands lower.
  if (since > lastSent.place) return since;
  if (last === null || lastReceivedReceipt === null) return "unknown";
  const isAllAnswered = last.place <= lastSent.place && lastReceivedReceipt <= lastSent.receipt;
  return isAllAnswered ? null : "unknown";
}

function lastReceivedAfter(
  before: Receipt | null,
  { added, left }: { added: ReadonlyArray<{ receipt: Receipt }>; left: ReadonlyArray<{ receipt: Receipt }> },
): Expected["lastReceivedReceipt"] {
  const receipts = added.map(({ receipt }) => receipt);
  // One that is taken out because it came after the close goes from here to there.
  const isGone = ({ receipt }: { receipt: Receipt }): boolean =>
    receipt === before && !receipts.includes(receipt);
  return left.some(isGone) ? "unknown" : highest(before, ...receipts);
}
