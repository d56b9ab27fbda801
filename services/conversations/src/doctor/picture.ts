import type { QueueReading } from "@fio/service/queue";
import type { RejectionReason } from "@fio/contracts";

/** All that was found at one time, without any judgement. What did not answer says why, in one line. */
export type Picture = {
  /** Of the code that looks. */
  version: string;
  parts: PartReading[];
  redis: RedisReading;
  store: StoreReading;
  disks: DiskReading[];
  issuer: IssuerReading;
};

export type Silent = { kind: "silent"; address: string; error: string };

/** One process of Fio. */
export type PartReading = { name: string } & (Silent | PartAnswer);

export type PartAnswer = {
  kind: "answers";
  address: string;
  /** Why it is not ready; `null` when it is. */
  fault: string | null;
  /** How far its clock is ahead of ours, at least, in milliseconds. */
  skewMs: number;
  /** `null` where its metrics could not be read. */
  metrics: PartMetrics | null;
};

export type PartMetrics = {
  version: string | null;
  node: string | null;
  /** How late its timers come on average, in seconds. */
  eventLoopSeconds: number;
  /** Requests that it has refused since it started, by code; ingest's. */
  refused: Record<string, number>;
  /** Whether it reads the live stream; the api's. */
  feedUp: boolean | null;
  /** How often it has put a job of a later version back since it started; the worker's. */
  leftJobs: number;
};

export type RedisReading =
  | { kind: "not named" }
  | Silent
  | {
      kind: "answers";
      address: string;
      version: string;
      /** What could be lost with its settings, a line each. */
      risks: string[];
      /** `null` without `maxmemory`, or where we may not ask. */
      memoryShare: number | null;
      /** Since it started. */
      evictedKeys: number;
      /** Of its append-only file: what Redis says of the last write and the last rewrite. */
      persistence: { lastWrite: string; lastRewrite: string };
      skewMs: number;
      queue: QueueReading;
      /** Jobs that could not be read, or not be kept. */
      failedJobs: number;
    };

export type StoreReading =
  | { kind: "missing"; address: string }
  | Silent
  | {
      kind: "answers";
      address: string;
      dialect: "sqlite" | "postgres";
      version: string;
      encoding: string;
      /** Why this code does not fit the schema; `null` when it does. */
      schemaFault: string | null;
      /** Who is connected, ourselves included; none in SQLite. */
      roles: Array<{ name: string; superuser: boolean; connections: number }>;
      /** `null` in SQLite. */
      mostConnections: number | null;
      skewMs: number;
      /** `null` where the schema does not have them yet. */
      unapplied: Partial<Record<RejectionReason, Counted>> | null;
      /** Transactions whose changes are not in the live stream; `oldestMs` since the last try. */
      outbox: { count: Counted; oldestMs: number } | null;
      /** Conversations that are erased and of which something may still be stored, since longer than an erasure takes. */
      unfinishedErasures: Counted | null;
      /** What agents wrote and has not left, since how long, and what was given up. */
      answers: { waiting: Counted; oldestMs: number; failed: Counted } | null;
    };

/** At most {@link MOST_COUNTED}: nothing counts a whole table. */
export type Counted = number;
export const MOST_COUNTED = 1_000;

/** Of identities; `says`: how it calls itself. */
export type IssuerReading = { kind: "none" } | Silent | { kind: "answers"; address: string; says: string };

export type DiskReading = { path: string; freeBytes: number };
