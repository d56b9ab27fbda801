import { derivedId } from "@fio/contracts/derived-id";

/*
 * All ids follow from what was sent, so that a webhook that comes twice, or is read once more after a crash, makes the same
 * events. Names are joined as JSON: no two of them run into each other.
 */

/** By the provider's id of a message, which is unique within a channel. */
export const messageIdOf = (channel: string, providersId: string): string =>
  idOf("message", channel, providersId);

/** The first conversation that a contact's messages open. */
export const firstConversationOf = (channel: string, contactId: string): string =>
  idOf("conversation", channel, contactId);

/** The one that the contact's next message opens when that one is closed. */
export const conversationAfter = (conversationId: string): string => idOf("after", conversationId);

/** The one that this message opens where the contact's others were erased; `first`: the message's id. */
export const conversationAnewOf = (channel: string, contactId: string, first: string): string =>
  idOf("anew", channel, contactId, first);

/** The one that holds what the phone's own app had of a thread before; `first`: the id of its first message. */
export const historyConversationOf = (channel: string, contactId: string, first: string): string =>
  idOf("history", channel, contactId, first);

const idOf = (...names: string[]): string => derivedId(JSON.stringify(["whatsapp", ...names]));
