import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Registry } from "prom-client";
import { REDIS_PREFIX } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import type { Partitions } from "@fio/service/partitions";
import { readQueue } from "@fio/service/queue";
import { repeat } from "@fio/service/repeat";
import { QueueWorker } from "@fio/service/queue-worker";
import { createIntake } from "../worker/intake.ts";
import type { Announcement } from "../store/outbox.ts";
import type { Store } from "../store/connect.ts";
import { dueConversations } from "../store/deliveries.ts";
import { createAnswersBefore } from "./answers-before.ts";
import { createCircuit } from "./circuit.ts";
import { createLane } from "./lane.ts";
import { createDeliveryMetrics } from "./metrics.ts";
import { createOrder } from "./order.ts";
import type { Receiver } from "./post.ts";

const QUEUE = "deliveries";
/** A receiver that hangs does not keep a process that stops for longer. */
const LAST_ANSWERS_MS = 2_000;
/** Conversations that one process sends of at the same time: as many connections to the receiver. */
const CONCURRENCY = 64;
/** A sweep takes up so many conversations, those that have waited longest. */
const SWEPT_AT_ONCE = 1_000;
/** After so many sweeps it is asked whether the queue still has what is due, of so many conversations. */
const STRANDED_SWEEPS = 20;
const STRANDED_AT_ONCE = 16;

export type Deliverer = {
  /** Something is to be sent in these conversations. Never throws: what is not heard is found by the next sweep. */
  wake: (conversations: readonly string[]) => void;
  hold: () => void;
  goOn: () => void;
  /** Begins nothing more, and resolves when what is under way has ended. */
  close: () => Promise<void>;
  disconnect: () => void;
};

/**
 * Sends what agents wrote to the receiver: one message of a conversation at a time, in order. What is to be sent stands in
 * the store; a job only says which conversation has something, so that a queue that forgets costs a second.
 */
export function startDeliverer({
  store,
  receiver,
  partitions,
  connect,
  announce,
  registry,
  log,
  now,
  timing,
}: {
  store: Store;
  receiver: Receiver;
  partitions: Partitions;
  /** A connection that waits for an absent Redis. */
  connect: () => Redis;
  announce: (announcement: Announcement | null) => Promise<unknown>;
  registry: Registry;
  log: Log;
  now: () => number;
  timing: { lockMs: number; stalledMs: number; sweepMs: number };
}): Deliverer {
  const [stopping, cutOff] = [new AbortController(), new AbortController()];
  const circuit = createCircuit({ now });
  const metrics = createDeliveryMetrics({ registry, store, circuit, now });
  const order = createOrder({
    read: () =>
      Promise.all(Array.from({ length: partitions.used() }, (_, one) => readQueue(partitions.at(one), one))),
  });
  const lane = createLane({
    ...{ store, receiver, circuit, order, metrics, announce, log, now },
    answersBefore: createAnswersBefore({ partitions, store }),
    ...{ stopping: stopping.signal, cutOff: cutOff.signal },
  });

  const redis = partitions.at(0);
  const queue = new Queue<{ conversation: string }>(QUEUE, {
    connection: redis,
    prefix: REDIS_PREFIX,
    // The store knows what is to be done, and what became of it.
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  const jobs = connect();
  const worker = new QueueWorker<{ conversation: string }>(QUEUE, ({ data }) => lane.run(data.conversation), {
    connection: jobs,
    prefix: REDIS_PREFIX,
    concurrency: CONCURRENCY,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledMs,
  });
  const intake = createIntake({ worker, log });
  queue.on("error", () => {});
  worker.on("error", intake.onError);
  worker.on("failed", (_job, error) => {
    if (!stopping.signal.aborted)
      log.error({ err: error }, "a conversation's deliveries failed, trying later");
  });

  const add = async (conversations: readonly string[]): Promise<void> => {
    // One job for a conversation, whoever says that it has something to send, and how often.
    await Promise.all(
      conversations.map((conversation) => queue.add("send", { conversation }, { jobId: conversation })),
    );
  };
  /**
   * A job of which the queue lost everything but its name, as where somebody deleted keys, waits nowhere, and another of its name
   * is not added: it goes, and the next sweep adds it.
   */
  const freeStranded = async (due: ReadonlyArray<{ conversation: string; dueAt: number }>): Promise<void> => {
    const since = now() - STRANDED_SWEEPS * timing.sweepMs;
    const longest = due.slice(0, STRANDED_AT_ONCE).filter(({ dueAt }) => dueAt < since);
    for (const { conversation } of longest) {
      const job = await queue.getJob(conversation);
      if ((await job?.getState()) === "unknown") await job?.remove();
    }
  };
  const sweep = async (): Promise<void> => {
    if (redis.status !== "ready" || !circuit.mayEnter()) return;
    try {
      const due = await dueConversations(store, { now: now(), limit: SWEPT_AT_ONCE });
      if (due.length === 0) return;
      await add(due.map(({ conversation }) => conversation));
      await freeStranded(due);
    } catch (error) {
      log.debug({ err: error }, "undelivered messages could not be looked for");
    }
  };
  const sweeping = repeat(sweep, { everyMs: timing.sweepMs, signal: stopping.signal });
  return {
    wake: (conversations) => {
      add(conversations).catch((error: unknown) => {
        log.debug({ err: error }, "deliveries are left to the next sweep");
      });
    },
    hold: intake.hold,
    goOn: intake.goOn,
    close: async () => {
      stopping.abort();
      const limit = setTimeout(() => cutOff.abort(), LAST_ANSWERS_MS);
      await Promise.all([worker.close(), sweeping]).finally(() => clearTimeout(limit));
    },
    disconnect: () => jobs.disconnect(),
  };
}
