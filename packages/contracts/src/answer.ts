import { z } from "zod";
import { problem } from "./problem.ts";
import { receipt } from "./receipt.ts";

/** One event was accepted: it is on Redis' disk. */
export const accepted = z
  .object({ status: z.literal("accepted"), receipt })
  .meta({ id: "Accepted", description: "The event is on Redis' disk; its outcome is decided later." });

/** A whole array was accepted: one receipt for each event, in the same order. */
export const acceptedArray = z
  .object({ status: z.literal("accepted"), receipts: z.array(receipt) })
  .meta({ id: "AcceptedArray", description: "A receipt for each event, in the order of the array." });

/** The outcome of one event within the sender's wait. A refusal is a problem instead. */
export const settled = z
  .object({
    status: z.enum(["applied", "duplicate", "waiting", "accepted"]).meta({
      description:
        "`applied`; `duplicate`: an equal event had been applied before; `waiting`: its conversation was not created in time, " +
        "the event counts once it is; `accepted`: no outcome within the wait.",
    }),
    receipt,
    duplicate_of: receipt.optional().meta({ description: "The receipt of the equal event that counts." }),
  })
  .meta({ id: "Settled" });

/** A refusal inside `results`, which has no HTTP status of its own. */
export const refusedResult = z
  .object({
    status: z.literal("rejected"),
    receipt,
    duplicate_of: receipt.optional(),
    problem,
  })
  .meta({ id: "RefusedResult" });

export const result = z.union([settled, refusedResult]).meta({ id: "Result" });
export type Result = z.output<typeof result>;

/** The answer to an array that was waited for: one result for each event, in its order. */
export const results = z.object({ results: z.array(result) }).meta({ id: "Results" });

/** All bodies of 2xx answers to `POST /webhook/`. */
export const webhookAnswer = z.union([accepted, acceptedArray, settled, results]);
export type WebhookAnswer = z.output<typeof webhookAnswer>;
