import { higherState, idOf, type AcceptedEvent, type MessageState } from "@fio/contracts";
import type { Decision, Loaded } from "../domain/index.ts";
import { statusOfEvent } from "./status-statements.ts";

/** What a turn reads of states: of the messages that statuses come for, `null` where none was known before. */
export type StatesBefore = ReadonlyMap<string, MessageState | null>;

/**
 * What the business sent and counts as an answer from now on, and what does no more: a message that did not reach the
 * phone is no answer. `unknown`: it takes a look at the store.
 */
export type SentChanges = { counts: AcceptedEvent[]; countsNoMore: AcceptedEvent[] } | "unknown";

export function sentChanges(
  { addMessages, removeMessages, addStatuses }: Decision,
  { messages, unapplied }: Pick<Loaded, "messages" | "unapplied">,
  before: StatesBefore,
): SentChanges {
  const told = Map.groupBy(addStatuses, ({ event }) => event.data.message_id);
  const stateAfter = (id: string): MessageState | null =>
    (told.get(id) ?? []).reduce<MessageState | null>(
      (state, one) => higherState(state ?? undefined, statusOfEvent(one)),
      before.get(id) ?? null,
    );
  const isStored = new Set(
    [...messages, ...unapplied]
      .filter(({ event }) => event.type === "NEW_MESSAGE")
      .map(({ event }) => idOf(event)),
  );
  const added = addMessages.filter(isSent);
  const gone = new Set([...removeMessages, ...addMessages].map(({ event }) => idOf(event)));
  const staying = messages.filter(
    (one) => isSent(one) && told.has(idOf(one.event)) && !gone.has(idOf(one.event)),
  );
  // Statuses of a message that was refused, or that another takes the place of, may be stored though none comes now.
  const isUnread = ({ event }: AcceptedEvent): boolean =>
    isStored.has(idOf(event)) && !before.has(idOf(event));
  if ([...added, ...staying].some(isUnread)) return "unknown";

  const hasFailed = ({ event }: AcceptedEvent): boolean => isFailed(stateAfter(idOf(event)));
  const hadFailed = ({ event }: AcceptedEvent): boolean => isFailed(before.get(idOf(event)) ?? null);
  return {
    counts: [
      ...added.filter((one) => !hasFailed(one)),
      ...staying.filter((one) => hadFailed(one) && !hasFailed(one)),
    ],
    countsNoMore: [
      ...removeMessages.filter(isSent),
      ...staying.filter((one) => !hadFailed(one) && hasFailed(one)),
    ],
  };
}

const isSent = ({ event }: AcceptedEvent): boolean =>
  event.type === "NEW_MESSAGE" && event.data.direction === "SENT";

const isFailed = (state: MessageState | null): boolean => state?.status === "FAILED";
