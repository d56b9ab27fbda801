import { z } from "zod";
import { author, contactPath, id } from "./event.ts";
import { timestamp } from "./timestamp.ts";

/**
 * What is posted to `DELIVERY_URL`, signed as Standard Webhooks: `webhook-id` is the id of the message, the same at every
 * attempt, so that who has seen it drops the repetition.
 */
export const messageToSend = z
  .object({
    type: z.literal("message.send"),
    timestamp: timestamp.meta({ description: "When Fio took it up for delivery." }),
    data: z.object({
      message: z.object({ id, content: z.string(), timestamp, author }),
      conversation: z.object({ id }),
      contact: contactPath
        .extend({ name: z.string().nullable(), phone: z.string().nullable() })
        .nullable()
        .meta({ description: "The customer; null where the conversation was created without one." }),
    }),
  })
  .meta({ id: "MessageToSend" });
export type MessageToSend = z.output<typeof messageToSend>;

/** The body with which a receiver may say why it refuses a message for good. */
export const deliveryRefusal = z
  .object({ error: z.object({ code: z.coerce.string(), message: z.string().default("") }) })
  .meta({ id: "DeliveryRefusal" });
