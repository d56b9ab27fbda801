/** A message of ours, as its statuses have to name it. */
export type Sent = { messageId: string; conversationId: string | null };

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const PATTERN = new RegExp(`^(${UUID})(?: (${UUID}))?$`);

/**
 * What goes out with a message as `biz_opaque_callback_data` and comes back with each of its statuses: its id, and its
 * conversation's, so that nobody has to be asked for that. Meta takes up to 512 characters.
 */
export const callbackDataOf = ({ messageId, conversationId }: Sent): string =>
  conversationId === null ? messageId : `${messageId} ${conversationId}`;

/** `null` for what others put there. */
export function readCallbackData(text: unknown): Sent | null {
  const [, messageId, conversationId] = (typeof text === "string" && PATTERN.exec(text)) || [];
  return messageId === undefined ? null : { messageId, conversationId: conversationId ?? null };
}
