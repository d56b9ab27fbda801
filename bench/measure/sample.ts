import type { Latency } from "../generator/load.ts";
import type { Role } from "../systems/system.ts";

/** One cell in one round. Figures that could not be taken are `null` or missing. */
export type Sample = {
  accepted: number;
  perSecond: number;
  /** Milliseconds from when a request was due until its answer. */
  latency: Latency;
  /**
   * Events applied in a second: from the begin of the load until all were; or, with workers held back, from when they were
   * ready again.
   */
  appliedPerSecond: number | null;
  /** Milliseconds from the answer until the message is in the store. */
  toApplied: { p50: number; p99: number } | null;
  /**
   * Microseconds of processor time for an event; with workers that were held back, theirs and the store's for an event of
   * what waited for them, and those of the others for taking it.
   */
  cpu: Partial<Record<Role, number>>;
  /** For 1,000 events, by who asked the disk. */
  fsyncs: Partial<Record<"redis" | "postgres", number>>;
  /** The most resident memory that was seen, in MiB, of all processes of a role together. */
  memory: Partial<Record<Exclude<Role, "postgres">, number>>;
  /** Cores that the load generator used. */
  generator: number;
  /** Accepted events that its own rules kept out, and that it still has. */
  keptOut: number;
  /** Events of requests that were refused or not answered. */
  failed: number;
};
