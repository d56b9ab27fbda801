import { Gauge, type Registry } from "prom-client";
import type { Redis } from "ioredis";
import { QUEUE_STATES, readQueue, type QueueReading } from "./queue.ts";
import { memoryShare } from "./redis-memory.ts";

/** What a process reports of the queue and of Redis, read at one time; `memory` as a share of `maxmemory`. */
export type Backlog = { queue: QueueReading; memory: number | null };

/** Of one partition. Throws what Redis throws. */
export async function readBacklog(redis: Redis, partition = 0): Promise<Backlog> {
  const [queue, memory] = await Promise.all([readQueue(redis, partition), memoryShare(redis)]);
  return { queue, memory };
}

/**
 * The queue's gauges, the same whichever process exports them. Each scrape reads once for all of them; while Redis
 * does not answer they have no value, rather than an old one or 0. Where several processes are shown as one, they have
 * all read the same queue: nothing is added up.
 */
export function exportQueue({ registry, read }: { registry: Registry; read: () => Promise<Backlog> }): void {
  let reading: Promise<Backlog | null> | null = null;
  /** All gauges of a scrape ask before the first answer arrives. */
  const ofThisScrape = (): Promise<Backlog | null> =>
    (reading ??= read()
      .catch(() => null)
      .finally(() => (reading = null)));

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
    "Share of maxmemory that Redis uses; ingest refuses from 0.8 on. Absent without maxmemory.",
    "max",
    (backlog) => backlog?.memory,
  );
  gauge("fio_queue_reachable", "1 when Redis answered this scrape, else 0.", "min", (backlog) =>
    backlog === null ? 0 : 1,
  );
}
