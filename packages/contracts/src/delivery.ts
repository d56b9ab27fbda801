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

/** Where a message that is to leave stands. */
export const deliveryState = z
  .enum(["waiting", "delivered", "failed", "withdrawn"])
  .meta({ id: "DeliveryState" });

/** How a message that is to leave stands with the receiver at `DELIVERY_URL`. Other than its statuses, which the phone tells. */
export const messageDelivery = z
  .object({
    state: deliveryState.meta({
      description:
        "`waiting`: not with the receiver yet. `delivered`: the receiver has it. `failed`: it was given up. `withdrawn`: it was taken out of " +
        "its conversation before it left.",
    }),
    reason: z
      .string()
      .optional()
      .meta({ description: "Of one that failed: `http_` and the status, `time_out` or `no_connection`." }),
    detail: z.string().optional().meta({ description: "What the receiver said about it." }),
    seen: z.boolean().optional().meta({
      description: "Of one that failed: true where somebody has seen to it, so that it is listed no more.",
    }),
    by_hand: z.boolean().optional().meta({ description: "True where somebody asked to send it once more." }),
    left_at: z.iso
      .datetime()
      .optional()
      .meta({ description: "Of one that was sent once more: when the receiver took it." }),
    version: z.int().meta({ description: "Rises with every change; keep the highest." }),
  })
  .meta({ id: "MessageDelivery" });
export type MessageDelivery = z.output<typeof messageDelivery>;

/** A message that was given up, and that nobody has seen to. */
export const failedDelivery = z
  .object({
    message_id: id,
    conversation_id: id,
    content: z.string().meta({ description: "The beginning of the message." }),
    author: author.optional(),
    attempts: z.int(),
    failed_at: z.iso.datetime(),
    delivery: messageDelivery,
  })
  .meta({ id: "FailedDelivery" });
export type FailedDelivery = z.output<typeof failedDelivery>;
