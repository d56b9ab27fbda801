import { z } from "zod";
import { conversationRow, message } from "./conversation.ts";
import { id } from "./event.ts";
import { receipt } from "./receipt.ts";

/**
 * A live frame carries the data that changed. `version` is its conversation's after the change: whoever shows it
 * keeps the highest for each row and each message, removals included, since frames may come twice or out of order.
 */
export const conversationFrame = z.object({
  event: z.literal("conversation"),
  conversation: conversationRow,
});
export const messageFrame = z.object({
  event: z.literal("message"),
  conversation_id: id,
  version: z.int(),
  message,
});
export const messageRemovedFrame = z.object({
  event: z.literal("message_removed"),
  conversation_id: id,
  version: z.int(),
  message_id: id,
  receipt,
});

/** One change, as the worker announces it in the Redis stream and the api sends it on. */
export const change = z.discriminatedUnion("event", [conversationFrame, messageFrame, messageRemovedFrame]);
export type Change = z.output<typeof change>;

/** The field of a stream entry that holds the changes of one transaction: a JSON array of {@link Change}. */
export const CHANGES_FIELD = "changes";
/** About how many entries the stream keeps; a client further behind gets `event: reset`. */
export const CHANGES_KEPT = 100_000;
