import type { Author, ContactSaid } from "@fio/contracts";
import { randomId } from "../names/id.ts";
import { browserOutbox, stampInBrowser } from "./browser-outbox.ts";
import { markSimulated } from "./simulated.ts";

/** Gives a message to this browser's outbox, which sends it until its outcome is known. */
export function sendMessage({
  conversation,
  text,
  direction,
}: {
  conversation: string;
  text: string;
  direction: "SENT" | "RECEIVED";
}): void {
  const id = randomId();
  if (direction === "RECEIVED") markSimulated(id);
  browserOutbox().add({
    type: "NEW_MESSAGE",
    timestamp: stampInBrowser(),
    // A lone surrogate cannot be stored; what a broken input method leaves of one becomes a replacement character.
    data: {
      id,
      direction,
      content: text.toWellFormed().replaceAll("\u0000", ""),
      conversation_id: conversation,
    },
  });
}

/** Begins a conversation with its first message, and gives its id. The message is sent once the creation is accepted. */
export function beginConversation(text: string, contact?: ContactSaid): string {
  const id = randomId();
  const data = contact === undefined ? { id } : { id, contact };
  browserOutbox().add({ type: "NEW_CONVERSATION", timestamp: stampInBrowser(), data });
  sendMessage({ conversation: id, text, direction: "SENT" });
  return id;
}

/** Closes a conversation, after what was written into it before. */
export const closeConversation = (id: string): void =>
  browserOutbox().add({ type: "CLOSE_CONVERSATION", timestamp: stampInBrowser(), data: { id } });

/** Gives a conversation to an agent, or to nobody. */
export const assignConversation = (id: string, agent: Author | null): void =>
  browserOutbox().add({ type: "ASSIGN_CONVERSATION", timestamp: stampInBrowser(), data: { id, agent } });
