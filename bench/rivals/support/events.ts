import { z } from "zod";

const common = { timestamp: z.string().min(1) };

/** The events as a first version of a service would check them. */
const event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("NEW_CONVERSATION"), ...common, data: z.object({ id: z.uuid() }) }),
  z.object({
    type: z.literal("NEW_MESSAGE"),
    ...common,
    data: z.object({
      id: z.uuid(),
      direction: z.enum(["RECEIVED", "SENT"]),
      content: z.string().min(1),
      conversation_id: z.uuid(),
    }),
  }),
  z.object({ type: z.literal("CLOSE_CONVERSATION"), ...common, data: z.object({ id: z.uuid() }) }),
]);

export type RivalEvent = z.infer<typeof event>;

export const webhookBody = z.union([event, z.array(event).min(1).max(1_000)]);
