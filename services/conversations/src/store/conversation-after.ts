import {
  PREVIEW_UNITS,
  idOf,
  placeOf,
  type AcceptedEvent,
  type NewMessage,
  type Timestamp,
} from "@fio/contracts";
import type { Decision } from "../domain/index.ts";
import { highest } from "./extremes.ts";
import type { LastMessage, StoredConversation, Unanswered } from "./rows.ts";

/** What a decision does to the messages: those under an id that was there already take its row over. */
export type MessageChanges = { insert: AcceptedEvent[]; replace: AcceptedEvent[]; remove: AcceptedEvent[] };

export function messageChanges({ addMessages, removeMessages }: Decision): MessageChanges {
  const idsOf = (events: readonly AcceptedEvent[]) => new Set(events.map(({ event }) => idOf(event)));
  const [added, removed] = [idsOf(addMessages), idsOf(removeMessages)];
  return {
    insert: addMessages.filter(({ event }) => !removed.has(idOf(event))),
    replace: addMessages.filter(({ event }) => removed.has(idOf(event))),
    remove: removeMessages.filter(({ event }) => !added.has(idOf(event))),
  };
}

/**
 * The newest message once `decision` is carried out, known without a look at the store as long as the one that was
 * the newest stays: `unknown` otherwise.
 */
export function lastMessageAfter(
  { last }: StoredConversation,
  decision: Decision,
): LastMessage | null | "unknown" {
  if (last !== null && decision.removeMessages.some(({ receipt }) => receipt === last.receipt))
    return "unknown";
  return decision.addMessages
    .map(lastMessageOf)
    .reduce<LastMessage | null>(
      (newest, one) => (newest === null || isNewer(one, newest) ? one : newest),
      last,
    );
}

/**
 * How the conversation stands after a decision that changes it. `last` as found by {@link lastMessageAfter} or read, and so
 * `unanswered`.
 */
export function conversationAfter(
  stored: StoredConversation,
  decision: Decision,
  { last, unanswered }: { last: LastMessage | null; unanswered: Unanswered },
): StoredConversation {
  const { conversation, addMessages, addStatuses, addAssignments, removeMessages } = decision;
  const applied = [...addMessages, ...addStatuses, ...addAssignments];
  const receipts = [conversation.created, conversation.closed, ...applied].map((one) => one?.receipt ?? null);
  return {
    record: conversation,
    version: stored.version + 1,
    messageCount: stored.messageCount + addMessages.length - removeMessages.length,
    last,
    unanswered,
    highestReceipt: highest(stored.highestReceipt, ...receipts),
  };
}

/** What the list is sorted by: the place of the creation or of the newest message, whichever is later. */
export function activityOf({ record, last }: Pick<StoredConversation, "record" | "last">): Timestamp | null {
  return highest(record.created === null ? null : placeOf(record.created), last?.place ?? null);
}

export function lastMessageOf({ receipt, event }: AcceptedEvent): LastMessage {
  const { timestamp, data } = event as NewMessage;
  return {
    place: placeOf({ timestamp, receipt }),
    receipt,
    preview: previewOf(data.content),
    direction: data.direction,
  };
}

/** The first {@link PREVIEW_UNITS} UTF-16 units, less one where the cut would fall inside a surrogate pair. */
export function previewOf(content: string): string {
  const cut = content.slice(0, PREVIEW_UNITS);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

function isNewer(a: LastMessage, b: LastMessage): boolean {
  return a.place === b.place ? a.receipt > b.receipt : a.place > b.place;
}
