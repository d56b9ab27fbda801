import { Counter, Gauge, Histogram } from "prom-client";
import { createRegistry } from "@fio/service/registry";

export type Metrics = ReturnType<typeof createMetrics>;

/** One registry for each app, so that two in one process do not share counts. */
export function createMetrics() {
  const registry = createRegistry();
  const registers = [registry];
  return {
    registry,
    accepted: new Counter({
      name: "fio_ingest_accepted_total",
      help: "Events that were accepted: they are on Redis' disk.",
      registers,
    }),
    refused: new Counter({
      name: "fio_ingest_refused_total",
      help: "Requests that were refused, by the code of their problem.",
      labelNames: ["code"],
      registers,
    }),
    clockAhead: new Counter({
      name: "fio_ingest_clock_ahead_total",
      help: "Accepted events whose timestamp was more than 5 minutes ahead of this clock: one of the two is wrong.",
      registers,
    }),
    ignoredAuthors: new Counter({
      name: "fio_ingest_ignored_authors_total",
      help: "Accepted messages that named an author without one of WEB_SECRETS: taken without it.",
      registers,
    }),
    flushEvents: new Histogram({
      name: "fio_ingest_flush_events",
      help: "Events that shared a job.",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
      registers,
    }),
    flushSeconds: new Histogram({
      name: "fio_ingest_flush_seconds",
      help: "From the start of a flush until Redis has it on its disk.",
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
      registers,
    }),
    flushesFailed: new Counter({
      name: "fio_ingest_flushes_failed_total",
      help: "Flushes that Redis did not take; their requests got 503.",
      registers,
    }),
    waitingForOutcome: new Gauge({
      name: "fio_ingest_waiting_for_outcome",
      help: "Requests with Prefer: wait that have no outcome yet.",
      registers,
    }),
  };
}
