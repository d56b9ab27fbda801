import type { Redis } from "ioredis";
import type { Kinds } from "../generator/load.ts";

export type Role = "intake" | "worker" | "redis" | "postgres";
export type StoreKind = "postgres" | "sqlite";

/** What is measured: a service with its own Redis and its own database, as processes. */
export type System = {
  /** Of its intake, without a path. */
  url: string;
  /** All that run now, as a cell of the table counts them. */
  processes: () => Array<{ role: Role; pid: number }>;
  /** `null` where it has none. */
  redis: Redis | null;
  store: StoreReader | null;
  /** Events that were accepted and are not applied, as its queue says; 0 where it has none. */
  pending: () => Promise<number>;
  /** Events that its own rules kept out, and that it still has. */
  keptOut: () => Promise<number>;
  /** Stops its workers; `release` starts them again, and resolves when they are ready. */
  hold: () => Promise<void>;
  release: () => Promise<void>;
  /** Ends all and removes its data. */
  remove: () => Promise<void>;
};

/** Looks into a store from outside. */
export type StoreReader = {
  /** All that has been applied. */
  counts: () => Promise<Kinds>;
  /** Which of these messages are there. */
  present: (ids: readonly string[]) => Promise<Set<string>>;
  /** Rows of Fio's table of events that were not applied. */
  unapplied: () => Promise<number>;
  /**
   * Messages that backends of Postgres have reported as inserted: late, and together with their flushes, so that one of the
   * two says how much of the other is known. `null` for SQLite.
   */
  reportedInserts: () => Promise<number | null>;
  close: () => Promise<void>;
};
