import { pino } from "pino";
import { Redis } from "ioredis";
import { Registry } from "prom-client";
import {
  CHANGES_FIELD,
  CHANGES_KEY,
  outcomeChannel,
  replies,
  type Change,
  type JobEvent,
  type Receipt,
  type Reply,
} from "@fio/contracts";
import { until } from "../../../../../test/support/until.ts";
import { openEventQueue, type EventQueue } from "@fio/service/queue";
import type { Store } from "../../store/connect.ts";
import { startWorker, type Timing, type Worker } from "../worker.ts";
import type { Receiver } from "../../delivery/post.ts";
import type { RetentionTiming } from "../../retention/retention.ts";
import type { Log } from "@fio/service/log";
import type { Apply } from "../applier.ts";
import { word } from "../../store/testing/fixture.ts";
import { QUICK } from "./quick.ts";

const SILENT = pino({ level: process.env["FIO_TEST_LOG"] ?? "silent" });

/** The sender's and the readers' side of a worker, on a real queue. */
export type Rig = {
  redis: Redis;
  queue: EventQueue;
  start: (options: {
    store: Store;
    apply?: Apply;
    graceSeconds?: number;
    timing?: Timing;
    only?: readonly number[];
    /** Where what agents write leaves to. */
    receiver?: Receiver;
    /** What is older is erased. */
    retention?: { days: number; timing: RetentionTiming };
    /** Its own clock. */
    now?: () => number;
    /** Its own way to Redis. */
    redisUrl?: string;
    /** Who hears what it logs. */
    log?: Log;
  }) => {
    worker: Worker;
    registry: Registry;
  };
  /** Queues the events as one job. */
  send: (...events: JobEvent[]) => Promise<string>;
  /** Queues the events as one job and waits for the outcome of each. */
  ask: (...events: JobEvent[]) => Promise<Map<Receipt, Reply>>;
  /** Resolves once the event that was asked for is told this outcome. */
  tells: (receipt: Receipt, outcome: string) => Promise<void>;
  /** Resolves when nothing waits and nothing is in a worker's hands. */
  idle: (limitMs?: number) => Promise<void>;
  /** All changes of the live stream, oldest first. */
  changes: () => Promise<Change[]>;
  /** Closes workers and connections. */
  close: () => Promise<void>;
};

export async function createRig(redisUrl: string): Promise<Rig> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const subscriber = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on("error", () => {});
  subscriber.on("error", () => {});
  const instance = `rig-${Math.random()}`;
  const heard = new Map<Receipt, Reply>();
  await subscriber.subscribe(outcomeChannel(instance));
  subscriber.on("message", (_channel, text: string) => {
    for (const reply of replies.parse(JSON.parse(text))) heard.set(reply.receipt, reply);
  });
  const queue = openEventQueue(redis);
  const workers: Worker[] = [];

  const send = async (...events: JobEvent[]): Promise<string> => {
    const job = await queue.add("events", { v: 1, events });
    return job.id ?? "";
  };
  return {
    redis,
    queue,
    start: ({ graceSeconds = 6, timing = QUICK, log = SILENT, ...options }) => {
      const registry = new Registry();
      const worker = startWorker({ redisUrl, ...options, registry, graceSeconds, timing, log });
      workers.push(worker);
      return { worker, registry };
    },
    send,
    ask: async (...events) => {
      for (const { receipt } of events) heard.delete(receipt);
      await send(...events.map((event) => ({ ...event, reply: instance })));
      await until(() => events.every(({ receipt }) => heard.has(receipt)), {
        what: "the outcomes are told",
        everyMs: 5,
      });
      return new Map(events.map(({ receipt }) => [receipt, heard.get(receipt) as Reply]));
    },
    tells: async (receipt, outcome) => {
      await until(() => word(heard.get(receipt)?.outcome) === outcome, {
        what: `${receipt} is told ${outcome}`,
      });
    },
    idle: async (limitMs = 45_000) => {
      await until(
        async () => {
          const counts = await queue.getJobCounts("wait", "active", "delayed");
          return Object.values(counts).every((count) => count === 0);
        },
        { what: "the queue is empty", everyMs: 20, limitMs },
      );
    },
    changes: async () => {
      const entries = await redis.xrange(CHANGES_KEY, "-", "+");
      return entries.flatMap(
        ([, fields]) => JSON.parse(fields[fields.indexOf(CHANGES_FIELD) + 1] ?? "[]") as Change[],
      );
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      await queue.close();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}
