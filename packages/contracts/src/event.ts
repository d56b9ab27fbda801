import { z } from "zod";
import { millisecondsOf, type Timestamp } from "./instants.ts";
import { MAX_CONTENT_UNITS } from "./limits.ts";
import { timestampInput } from "./timestamp.ts";

const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** A UUID of any version, in either case; lower case from here on. */
export const id = z
  .string()
  .regex(UUID, { message: "must be a UUID" })
  .toLowerCase()
  .meta({
    description: "A UUID of any version, in either case; stored in lower case.",
    format: "uuid",
    examples: ["6a41b347-8d80-4ce9-84ba-7af66f369f6a"],
  });

export const direction = z.enum(["RECEIVED", "SENT"]).meta({
  id: "Direction",
  description: "RECEIVED from the customer, SENT by the business.",
});

const content = z
  .string()
  .min(1, { message: "must not be empty" })
  // Not zod's max(), which counts code points.
  .refine((text) => text.length <= MAX_CONTENT_UNITS, { message: "must be at most 65,536 UTF-16 units" })
  .refine((text) => !text.includes("\u0000"), { message: "must not contain U+0000" })
  .refine((text) => text.isWellFormed(), { message: "must not contain lone surrogates" })
  .meta({
    description: "1 to 65,536 UTF-16 units, kept exactly as sent. No U+0000, no lone surrogates.",
    maxLength: MAX_CONTENT_UNITS,
    examples: ["Olá, tudo bem?"],
  });

export const newConversation = z
  .object({ type: z.literal("NEW_CONVERSATION"), timestamp: timestampInput, data: z.object({ id }) })
  .meta({ id: "NewConversation" });

export const newMessage = z
  .object({
    type: z.literal("NEW_MESSAGE"),
    timestamp: timestampInput,
    data: z.object({ id, direction, content, conversation_id: id }),
  })
  .meta({ id: "NewMessage" });

export const closeConversation = z
  .object({ type: z.literal("CLOSE_CONVERSATION"), timestamp: timestampInput, data: z.object({ id }) })
  .meta({ id: "CloseConversation" });

/** What a sender posts. Parsing normalises it: ids in lower case, timestamps in UTC microseconds, unknown keys gone. */
export const webhookEvent = z.discriminatedUnion("type", [newConversation, newMessage, closeConversation]);

/** A normalised event: two of them are equal exactly when all their fields are. */
export type WebhookEvent = z.output<typeof webhookEvent>;
export type EventType = WebhookEvent["type"];
export type NewMessage = z.output<typeof newMessage>;
export type Direction = z.output<typeof direction>;

export const eventType = z
  .enum(["NEW_CONVERSATION", "NEW_MESSAGE", "CLOSE_CONVERSATION"])
  .meta({ id: "EventType" });

/** The conversation that an event is about. */
export function conversationIdOf(event: WebhookEvent): string {
  return event.type === "NEW_MESSAGE" ? event.data.conversation_id : event.data.id;
}

/** Milliseconds that a timestamp is ahead of `now`, a clock in milliseconds; negative when it lies behind. */
export function aheadMs(timestamp: Timestamp, now: number): number {
  return millisecondsOf(timestamp) - now;
}
