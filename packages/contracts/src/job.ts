import { z } from "zod";
import { receipt } from "./receipt.ts";
import type { Receipt } from "./receipts.ts";
import type { AgentAct, WebhookEvent } from "./event.ts";

/** Every name in Redis. The braces keep them in one hash slot, so that a Redis Cluster can hold them. */
export const REDIS_PREFIX = "{fio}";
export const QUEUE_NAME = "events";
export const RECEIPT_KEY = `${REDIS_PREFIX}:receipt`;
/** Which Redis gave the last receipt: another one may hold an older key, and is treated as if it had lost the key. */
export const RECEIPT_GIVER_KEY = `${REDIS_PREFIX}:receipt-giver`;
/** How many receipts the fleet has taken so far: ingest computes the backlog in events from it. */
export const TAKEN_KEY = `${REDIS_PREFIX}:taken`;
/** How much of what is accepted now may still go ahead of an old backlog. */
export const AHEAD_KEY = `${REDIS_PREFIX}:ahead`;
export const CHANGES_KEY = `${REDIS_PREFIX}:changes`;
/** Never exists: connections delete it to learn whether their server accepts writes. */
export const PULSE_KEY = `${REDIS_PREFIX}:pulse`;
/** Ingests write it to learn whether Redis accepts writes. */
export const READY_KEY = `${REDIS_PREFIX}:ready`;
/** The channel on which one ingest instance receives the outcomes that it waits for. */
export const outcomeChannel = (instance: string): string => `${REDIS_PREFIX}:outcomes:${instance}`;

/** An event that ingest accepted: normalised, under its receipt. */
export type AcceptedEvent = { receipt: Receipt; event: WebhookEvent };
/** An agent's act that ingest accepted: normalised, under its receipt. */
export type AcceptedAct = { receipt: Receipt; event: AgentAct };
/** `reply` names the ingest instance that waits for the outcome. */
export type JobEvent = (AcceptedEvent | AcceptedAct) & { reply?: string };
export type Job = { v: 1; events: JobEvent[] };

/**
 * How a job is queued. A processor that throws (a bug, or a worker that is being stopped) hands the job back to be
 * tried again: if attempts counted, it would end in BullMQ's failed set, where nobody looks. Jobs that fail all the
 * same are kept; finished ones are not, since the store holds their events.
 */
export const JOB_OPTIONS = {
  attempts: 1_000_000,
  backoff: { type: "fixed", delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: false,
} as const;

/**
 * The envelope of a job. The events inside were normalised by ingest; the worker checks each one
 * separately, so that a bad event does not affect the others.
 */
export const jobEnvelope = z.object({
  v: z.literal(1),
  events: z.array(z.object({ receipt, event: z.unknown(), reply: z.string().optional() })).min(1),
});
