import type { AcceptedEvent, Receipt } from "@fio/contracts";
import { subjectOf } from "./settle.ts";
import type { ConversationRecord, Lookups } from "./types.ts";

/**
 * What the incoming events can change, and so must be read: nothing else of the conversation is, which is why it
 * costs the same with ten messages and with 100,000.
 */
export function lookupsFor(conversation: ConversationRecord, incoming: readonly AcceptedEvent[]): Lookups {
  const subjects = new Map(
    incoming.map(({ event }) => [subjectOf(event), { type: event.type, id: event.data.id }]),
  );
  return {
    allUnapplied:
      conversation.created === null && incoming.some(({ event }) => event.type === "NEW_CONVERSATION"),
    messagesAbove: closeBelow(conversation, incoming),
    subjects: [...subjects.values()],
  };
}

/** The lowest close that comes, if it is below the one that stands: messages above it will have to go. */
function closeBelow(conversation: ConversationRecord, incoming: readonly AcceptedEvent[]): Receipt | null {
  let lowest = conversation.closed?.receipt ?? null;
  let found: Receipt | null = null;
  for (const { receipt, event } of incoming) {
    if (event.type !== "CLOSE_CONVERSATION") continue;
    if (lowest !== null && receipt >= lowest) continue;
    lowest = found = receipt;
  }
  return found;
}
