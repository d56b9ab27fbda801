import { Counter, Histogram, type Registry } from "prom-client";

const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export type Metrics = ReturnType<typeof createMetrics>;

/** The worker's own metrics, in a registry that it may share. */
export function createMetrics(registry: Registry) {
  const registers = [registry];
  return {
    outcomes: new Counter({
      name: "fio_worker_outcomes_total",
      help: "Events by what became of them when they came: applied, duplicate, waiting, rejected.",
      labelNames: ["outcome"],
      registers,
    }),
    rejections: new Counter({
      name: "fio_worker_rejections_total",
      help: "Events that were refused, by reason.",
      labelNames: ["reason"],
      registers,
    }),
    acceptToApplied: new Histogram({
      name: "fio_worker_accept_to_applied_seconds",
      help: "From the receipt of an event until the commit of its transaction.",
      buckets: SECONDS,
      registers,
    }),
    acceptToAnnounced: new Histogram({
      name: "fio_worker_accept_to_announced_seconds",
      help: "From the receipt of an event until its changes are in the live stream.",
      buckets: SECONDS,
      registers,
    }),
    transactionEvents: new Histogram({
      name: "fio_worker_transaction_events",
      help: "Events that shared a transaction.",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
      registers,
    }),
    transactionSeconds: new Histogram({
      name: "fio_worker_transaction_seconds",
      help: "Duration of a transaction that was committed, without its retries.",
      buckets: SECONDS,
      registers,
    }),
    sharedReceipts: new Counter({
      name: "fio_worker_shared_receipts_total",
      help: "Events whose receipt another event had too; they are kept as INTERNAL_ERROR under one of their own.",
      registers,
    }),
    storeFaults: new Counter({
      name: "fio_worker_store_faults_total",
      help: "Transactions that failed by a passing fault of the store and were tried again.",
      registers,
    }),
    announcementsFailed: new Counter({
      name: "fio_worker_announcements_failed_total",
      help: "Announcements that Redis did not take; they stay in the outbox.",
      registers,
    }),
    announcedLate: new Counter({
      name: "fio_worker_announced_late_total",
      help: "Transactions that were announced from the outbox, after whoever committed them had not.",
      registers,
    }),
    jobsUnreadable: new Counter({
      name: "fio_worker_unreadable_jobs_total",
      help: "Jobs that could not be read and stay in the queue's failed set.",
      registers,
    }),
    jobsLeft: new Counter({
      name: "fio_worker_left_jobs_total",
      help: "Times that a job of a later version of Fio was put back for a worker that knows it, every few seconds.",
      registers,
    }),
    jobsGivenUp: new Counter({
      name: "fio_worker_given_up_jobs_total",
      help: "Jobs of which an event could neither be applied nor kept; they stay in the queue's failed set.",
      registers,
    }),
    quarantinedJobs: new Counter({
      name: "fio_worker_quarantined_jobs_total",
      help: "Jobs that had stalled so often that they were tried alone.",
      registers,
    }),
  };
}
