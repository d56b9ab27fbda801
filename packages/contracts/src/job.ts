import { z } from "zod";
import { receipt } from "./receipt.ts";
import type { Receipt } from "./receipts.ts";
import type { ContactUpdate, ResolveRejection, WebhookEvent } from "./event.ts";

/** Every name in Redis. The braces keep them in one hash slot, so that a Redis Cluster can hold them. */
export const REDIS_PREFIX = "{fio}";
export const QUEUE_NAME = "events";

/** More would leave receipts, which each partition gives in steps of their number, behind the clock's microseconds. */
export const MAX_PARTITIONS = 32;

/**
 * Before every name of one partition: a hash tag of its own, so that each can be on another node of a Redis Cluster. The
 * first has the names of an installation without partitions. These tags fall to the nodes in turn, on three or four
 * that share the slots evenly.
 */
export const prefixOf = (partition: number): string =>
  partition === 0 ? REDIS_PREFIX : `{fio-${partition}}`;

/** The keys of one partition beside those of its queue. */
export function keysOf(partition: number) {
  const prefix = prefixOf(partition);
  return {
    receipt: `${prefix}:receipt`,
    /** Which Redis gave the last receipt: another one may hold an older key, and is treated as if it had lost the key. */
    giver: `${prefix}:receipt-giver`,
    /** How many receipts were taken so far: the backlog in events is computed from it. */
    taken: `${prefix}:taken`,
    /** How much of what is accepted now may still go ahead of an old backlog. */
    ahead: `${prefix}:ahead`,
    /** Before a conversation: the receipts of what agents wrote there lately, whether it is applied by now or not. */
    answers: `${prefix}:answers`,
    /** Among how many partitions conversations are divided, as this one knows it. */
    layout: `${prefix}:layout`,
    /** Never exists: connections delete it to learn whether their server accepts writes. */
    pulse: `${prefix}:pulse`,
    /** Ingests write it to learn whether Redis accepts writes. */
    ready: `${prefix}:ready`,
  } as const;
}

/** How many partitions may hold events: more than are in use, after their number has fallen and until they are drained. */
export const PARTITIONS_USED_KEY = `${REDIS_PREFIX}:partitions-used`;
/** Of the first partition. */
export const { receipt: RECEIPT_KEY, giver: RECEIPT_GIVER_KEY, taken: TAKEN_KEY } = keysOf(0);
/** The channel on which the processes of the read API tell each other who has a conversation before them. */
export const PRESENCE_CHANNEL = `${REDIS_PREFIX}:presence`;
/** Who has one before them; gone with the last of them. */
export const presenceKey = (conversation: string): string => `${PRESENCE_CHANNEL}:${conversation}`;
export const CHANGES_KEY = `${REDIS_PREFIX}:changes`;
/** The channel on which one ingest instance receives the outcomes that it waits for. */
export const outcomeChannel = (instance: string): string => `${REDIS_PREFIX}:outcomes:${instance}`;

/** An event that ingest accepted: normalised, under its receipt. */
export type AcceptedEvent = { receipt: Receipt; event: WebhookEvent };
/** What an agent did about a refused event, as ingest accepted it: normalised, under its receipt. */
export type AcceptedAct = { receipt: Receipt; event: ResolveRejection };
/** What is said of a contact, as ingest accepted it: normalised, under its receipt. */
export type AcceptedUpdate = { receipt: Receipt; event: ContactUpdate };
/** `reply` names the ingest instance that waits for the outcome; `trace`, a W3C `traceparent`, what a sender traces. */
export type JobEvent = (AcceptedEvent | AcceptedAct | AcceptedUpdate) & { reply?: string; trace?: string };
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
  events: z
    .array(
      z.object({ receipt, event: z.unknown(), reply: z.string().optional(), trace: z.string().optional() }),
    )
    .min(1),
});
