import { z } from "zod";
import { receipt } from "./receipt.ts";
import type { Receipt } from "./receipts.ts";

/** Why an accepted event is not in the store. */
export const rejectionReason = z
  .enum([
    "CONVERSATION_ALREADY_EXISTS",
    "CONVERSATION_ALREADY_CLOSED",
    "CONVERSATION_CLOSED",
    "CONVERSATION_NOT_FOUND",
    "MESSAGE_NOT_FOUND",
    "MESSAGE_ID_CONFLICT",
    "INTERNAL_ERROR",
  ])
  .meta({ id: "RejectionReason" });
export type RejectionReason = z.output<typeof rejectionReason>;

/**
 * What became of an accepted event. `waiting`: its conversation is not known yet, or `missing` the message it is about. A
 * `duplicate` has no effect; `of` is the equal event with the lowest receipt, whose outcome is given as the answer. `erased`:
 * its conversation was erased for good, or the customer whom an update is about, and nothing of it is kept.
 */
export type Outcome =
  | { kind: "applied" }
  | { kind: "waiting"; missing?: "message" }
  | { kind: "rejected"; reason: RejectionReason; detail?: string }
  | { kind: "duplicate"; of: Receipt }
  | { kind: "erased" };

/** What is reported of an event that waits, once the grace is over. */
export const reasonToWait = ({ missing }: { missing?: "message" | undefined }): WaitingReason =>
  missing === "message" ? "MESSAGE_NOT_FOUND" : "CONVERSATION_NOT_FOUND";
export type WaitingReason = "CONVERSATION_NOT_FOUND" | "MESSAGE_NOT_FOUND";

/** Whether an event that is kept for this reason waits for what it is about. */
export const isWaiting = (reason: RejectionReason): reason is WaitingReason =>
  reason === "CONVERSATION_NOT_FOUND" || reason === "MESSAGE_NOT_FOUND";

/** The outcome of an event that is not a duplicate. */
export type OwnOutcome = Exclude<Outcome, { kind: "duplicate" }>;

/**
 * `grace_ms`: how long is left, when the worker publishes this, until a missing conversation is reported as a refusal.
 * It is not reported before all that was accepted up to `reported_at` (milliseconds since 1970) has been applied.
 */
const own = [
  z.object({ kind: z.literal("applied") }),
  z.object({
    kind: z.literal("waiting"),
    missing: z.literal("message").optional(),
    grace_ms: z.number().optional(),
    reported_at: z.number().optional(),
  }),
  z.object({ kind: z.literal("rejected"), reason: rejectionReason, detail: z.string().optional() }),
  z.object({ kind: z.literal("erased") }),
] as const;

/**
 * What the worker publishes to the ingest instance that waits: `outcome` is the event's own, or for a duplicate
 * that of the event it repeats (`duplicateOf`).
 */
export const reply = z.object({
  receipt,
  outcome: z.discriminatedUnion("kind", own),
  duplicateOf: receipt.optional(),
});
export type Reply = z.output<typeof reply>;
export const replies = z.array(reply);
