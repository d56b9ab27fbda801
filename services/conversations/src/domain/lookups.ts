import type { AcceptedEvent, AssignConversation, MessageStatus, Receipt } from "@fio/contracts";
import { contentOf, subjectOf } from "./settle.ts";
import type { ConversationRecord, Lookups } from "./types.ts";

/**
 * What the incoming events can change, and so must be read: nothing else of the conversation is, which is why it
 * costs the same with ten messages and with 100,000, after ten refusals of a subject and after a million.
 */
export function lookupsFor(conversation: ConversationRecord, incoming: readonly AcceptedEvent[]): Lookups {
  const creationComes =
    conversation.created === null && incoming.some(({ event }) => event.type === "NEW_CONVERSATION");
  const contents = new Map(incoming.map(({ event }) => [contentOf(event), event]));
  const subjects = new Map(incoming.map(({ event }) => [subjectOf(event), event]));
  const come = [...subjects.values()].flatMap((event) =>
    event.type === "NEW_MESSAGE" ? [event.data.id] : [],
  );
  const statuses = [...contents.values()].filter(
    (event): event is MessageStatus => event.type === "MESSAGE_STATUS",
  );
  const messageIds = [...new Set([...come, ...statuses.map(({ data }) => data.message_id)])];
  return {
    waiting: creationComes,
    messagesAbove: closeBelow(conversation, incoming),
    messageIds,
    equalTo: [...contents.values()],
    // The lowest creation and close are the conversation's own, as soon as there is a creation.
    lowestOf: [
      ...messageIds.map((id) => ({ type: "NEW_MESSAGE" as const, id })),
      ...(creationComes ? [{ type: "CLOSE_CONVERSATION" as const, id: conversation.id }] : []),
    ],
    // Without a creation they wait for that; when it comes, they are among all that do.
    statusesOf: conversation.created === null ? [] : come,
    statusEqualTo: statuses,
    assignments: [...contents.values()].filter(
      (event): event is AssignConversation => event.type === "ASSIGN_CONVERSATION",
    ),
    under: incoming.map(({ receipt }) => receipt),
  };
}

/** The lowest close that comes, if it is below the one that stands: messages above it will have to go. */
export function closeBelow(
  conversation: ConversationRecord,
  incoming: readonly AcceptedEvent[],
): Receipt | null {
  let lowest = conversation.closed?.receipt ?? null;
  let found: Receipt | null = null;
  for (const { receipt, event } of incoming) {
    if (event.type !== "CLOSE_CONVERSATION") continue;
    if (lowest !== null && receipt >= lowest) continue;
    lowest = found = receipt;
  }
  return found;
}
