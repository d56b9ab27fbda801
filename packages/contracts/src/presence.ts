import { z } from "zod";
import { id } from "./event.ts";

/** An agent who has a conversation before them, in however many tabs. */
export const presentAgent = z
  .object({
    id: z.string().meta({ description: "Of the account." }),
    name: z.string(),
    writing: z.boolean().meta({ description: "In one of their tabs." }),
    lasts_ms: z.int().meta({
      description: "For so long this holds, unless it is said anew: a tab that died says nothing more.",
    }),
  })
  .meta({ id: "PresentAgent" });
export type PresentAgent = z.output<typeof presentAgent>;

export const presenceFrame = z
  .object({ event: z.literal("presence"), conversation_id: id, agents: z.array(presentAgent) })
  .meta({
    id: "PresenceFrame",
    description:
      "Who has the conversation before them now, all of them. Sent to those who follow it when somebody comes, goes, begins to " +
      "write or stops; it has no `id`, and none that was missed is sent later. Those who stay are told of by `lasts_ms` of the " +
      "answer to one's own `POST /conversations/{id}/presence`.",
  });
export type PresenceFrame = z.output<typeof presenceFrame>;

export const presenceBody = z.object({
  tab: z
    .string()
    .regex(/^[\w-]{8,64}$/, { message: "must have 8 to 64 letters, digits or hyphens" })
    .meta({ description: "Any name of the browser's tab: what it says takes the place of what it said." }),
  doing: z.enum(["looking", "writing", "left"]),
});
export type PresenceBody = z.output<typeof presenceBody>;
