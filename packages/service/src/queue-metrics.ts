import { Gauge, type Registry } from "prom-client";
import { together, type Readings } from "./partitions.ts";
import { QUEUE_STATES, unapplied } from "./queue.ts";
import type { Backlog } from "./read-backlog.ts";
import { REFUSED_SHARE } from "./redis-memory.ts";

/**
 * The queue's gauges, the same whichever process exports them. Each scrape reads once for all of them; while Redis
 * does not answer they have no value, rather than an old one or 0. Where several processes are shown as one, they have
 * all read the same queue: nothing is added up.
 */
export function exportQueue({
  registry,
  readings,
}: {
  registry: Registry;
  readings: () => Promise<Readings>;
}): void {
  let reading: Promise<Readings> | null = null;
  /** All gauges of a scrape ask before the first answer arrives. */
  const ofEach = (): Promise<Readings> => (reading ??= readings().finally(() => (reading = null)));
  const ofThisScrape = async (): Promise<Backlog | null> => {
    const all = await ofEach();
    return all.some(({ status }) => status === "rejected") ? null : together(all);
  };

  const gauge = (
    name: string,
    help: string,
    aggregator: "min" | "max",
    valueOf: (backlog: Backlog | null) => number | null | undefined,
  ): void => {
    new Gauge({
      name,
      help,
      aggregator,
      registers: [registry],
      collect: async function () {
        const value = valueOf(await ofThisScrape()) ?? null;
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  };
  const gaugeByState = (name: string, help: string, part: "jobs" | "events"): void => {
    new Gauge({
      name,
      help,
      labelNames: ["state"],
      aggregator: "max",
      registers: [registry],
      collect: async function () {
        const backlog = await ofThisScrape();
        for (const state of QUEUE_STATES) {
          if (backlog === null) this.remove({ state });
          else this.set({ state }, backlog.queue[part][state]);
        }
      },
    });
  };

  const gaugeByPartition = (
    name: string,
    help: string,
    aggregator: "min" | "max",
    valueOf: (backlog: Backlog | null) => number | null,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: ["partition"],
      aggregator,
      registers: [registry],
      collect: async function () {
        const all = await ofEach();
        this.reset();
        for (const [partition, one] of all.entries()) {
          const value = valueOf(one.status === "fulfilled" ? one.value : null);
          if (value !== null) this.set({ partition }, value);
        }
      },
    });
  };

  gaugeByState(
    "fio_queue_events",
    "Accepted events that are not applied yet, by the state of their job: waiting, active, delayed.",
    "events",
  );
  gaugeByState("fio_queue_jobs", "Jobs that contain these events, by the same states.", "jobs");
  gauge(
    "fio_queue_oldest_event_seconds",
    "How long ago the oldest event that is not applied was accepted; 0 when there is none.",
    "max",
    (backlog) => backlog && (backlog.queue.oldestMs ?? 0) / 1000,
  );
  gauge(
    "fio_redis_memory_ratio",
    `Share of maxmemory that Redis uses; ingest refuses from ${REFUSED_SHARE} on. Absent without maxmemory.`,
    "max",
    (backlog) => backlog?.memory,
  );
  gauge("fio_queue_reachable", "1 when Redis answered this scrape, else 0.", "min", (backlog) =>
    backlog === null ? 0 : 1,
  );
  gaugeByPartition(
    "fio_partition_events",
    "Accepted events that are not applied yet, by the partition of the queue that holds them.",
    "max",
    (backlog) => backlog && unapplied(backlog.queue.events),
  );
  gaugeByPartition(
    "fio_partition_memory_ratio",
    "Share of maxmemory that the Redis of a partition uses. Absent without maxmemory.",
    "max",
    (backlog) => backlog && backlog.memory,
  );
  gaugeByPartition(
    "fio_partition_reachable",
    "1 when the Redis of a partition answered this scrape, else 0.",
    "min",
    (backlog) => (backlog === null ? 0 : 1),
  );
}
