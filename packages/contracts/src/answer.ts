import { z } from "zod";
import { problem } from "./problem.ts";
import { receipt } from "./receipt.ts";

/** One event was accepted: it is on Redis' disk. */
export const accepted = z
  .object({ status: z.literal("accepted"), receipt })
  .meta({ id: "Accepted", description: "On Redis' disk; what becomes of it is decided later." });

/** An array was accepted whole: a receipt for each event, in its order. */
export const acceptedArray = z
  .object({ status: z.literal("accepted"), receipts: z.array(receipt) })
  .meta({ id: "AcceptedArray", description: "A receipt for each event, in the order of the array." });

/** What became of one event within the time that the sender would wait. A refusal is a problem instead. */
export const settled = z
  .object({
    status: z.enum(["applied", "duplicate", "waiting", "accepted"]).meta({
      description:
        "`applied`; `duplicate`: an equal event had been applied before; `waiting`: its conversation did not come in time, " +
        "the event counts once that comes; `accepted`: no outcome within the wait.",
    }),
    receipt,
    duplicate_of: receipt.optional().meta({ description: "The receipt of the equal event that counts." }),
  })
  .meta({ id: "Settled" });

/** A refusal inside `results`, where no status of its own can tell it. */
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

/** Every body of a 2xx of `POST /webhook/`. */
export const webhookAnswer = z.union([accepted, acceptedArray, settled, results]);
export type WebhookAnswer = z.output<typeof webhookAnswer>;
