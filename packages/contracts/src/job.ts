import { z } from "zod";
import { receipt, type Receipt } from "./receipt.ts";
import type { WebhookEvent } from "./event.ts";

/** Every name in Redis. The braces keep them in one hash slot, so that a Redis Cluster can hold them. */
export const REDIS_PREFIX = "{fio}";
export const QUEUE_NAME = "events";
export const RECEIPT_KEY = `${REDIS_PREFIX}:receipt`;
export const CHANGES_KEY = `${REDIS_PREFIX}:changes`;
/** The channel on which one ingest instance hears the outcomes that it waits for. */
export const outcomeChannel = (instance: string): string => `${REDIS_PREFIX}:outcomes:${instance}`;

/** An event that ingest accepted: normalised, under its receipt. */
export type AcceptedEvent = { receipt: Receipt; event: WebhookEvent };
/** `reply` names the ingest instance that waits for the outcome. */
export type JobEvent = AcceptedEvent & { reply?: string };
export type Job = { v: 1; events: JobEvent[] };

/**
 * The envelope of a job. The events inside were normalised by ingest; the worker checks each apart, so that one
 * bad event does not take its neighbours with it.
 */
export const jobEnvelope = z.object({
  v: z.literal(1),
  events: z.array(z.object({ receipt, event: z.unknown(), reply: z.string().optional() })).min(1),
});
