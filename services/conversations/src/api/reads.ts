import { Counter, Histogram, type Registry } from "prom-client";
import type { Store } from "../store/connect.ts";
import type { Positioned } from "./snapshot.ts";

/**
 * Reads the store: `work` gets the one to read, and may be run again with another. `position` names a place in the stream of
 * changes that the snapshot holds: whatever was announced up to there is committed and so in it, and what comes later
 * the stream sends. It may lag, never lead; `null` while no changes were heard.
 */
export type Reads = <Value>(
  work: (store: Store) => Promise<Value>,
) => Promise<{ value: Value; position: string | null }>;

export type ReadMetrics = ReturnType<typeof createReadMetrics>;

export function createReadMetrics(registry: Registry) {
  const registers = [registry];
  return {
    reads: new Counter({
      name: "fio_api_reads_total",
      help: "Reads of the store, by where they were answered: primary, or replica where there is one.",
      labelNames: ["from"] as const,
      registers,
    }),
    wait: new Histogram({
      name: "fio_api_replica_wait_seconds",
      help: "From a read's request until the replica had caught up with what was committed before it.",
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3],
      registers,
    }),
  };
}

/** From the store itself. */
export function primaryReads({
  store,
  live,
  metrics,
}: {
  store: Store;
  live: Positioned;
  metrics: ReadMetrics;
}): Reads {
  return async (work) => {
    metrics.reads.inc({ from: "primary" });
    // Before the snapshot.
    const position = live.position();
    return { value: await work(store), position };
  };
}
