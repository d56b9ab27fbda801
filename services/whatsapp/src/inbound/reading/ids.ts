import { createHash } from "node:crypto";

/*
 * All ids follow from what was sent, so that a webhook that comes twice, or is read once more after a crash, makes the same
 * events. Names are joined as JSON: no two of them run into each other.
 */

/** By the provider's id of a message, which is unique within a channel. */
export const messageIdOf = (channel: string, providersId: string): string =>
  derivedId("message", channel, providersId);

/** The first conversation that a contact's messages open. */
export const firstConversationOf = (channel: string, contactId: string): string =>
  derivedId("conversation", channel, contactId);

/** The one that the contact's next message opens when that one is closed. */
export const conversationAfter = (conversationId: string): string => derivedId("after", conversationId);

/** The one that holds what the phone's own app had of a thread before; `first`: the id of its first message. */
export const historyConversationOf = (channel: string, contactId: string, first: string): string =>
  derivedId("history", channel, contactId, first);

/** A UUID of version 8: its bits are a hash's. */
function derivedId(...names: string[]): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify(["whatsapp", ...names]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
