import { setTimeout as sleep } from "node:timers/promises";
import { DelayedError, Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Log } from "@fio/service/log";
import { QueueWorker } from "@fio/service/queue-worker";
import { OUT } from "../keys.ts";
import type { Parcel } from "./parcel.ts";
import type { Sender } from "./sender.ts";

/** Requests under way from one number at the same time. */
const CONCURRENCY = 32;
/** How often, and at what distance, it is looked whether a message is about to wait. */
const LOOKS = 10;
const LOOK_MS = 20;

/** A queue for each of our numbers: Meta limits each, and one that is stopped stops no other. */
export type Lanes = {
  /** Resolves once it is on Redis' disk. Adding one that is there changes nothing. */
  add: (number: string, parcel: Parcel) => Promise<void>;
  /** Something is known about a message that may be waiting for it. */
  wake: (number: string, id: string) => Promise<void>;
  hasJob: (number: string, id: string) => Promise<boolean>;
  /** Sends from here on; whatever stopped a number before counts no more, since its token may be a new one. */
  run: (sender: Sender) => void;
  /** Begins nothing more, and resolves when what is under way has ended. */
  close: () => Promise<void>;
};

export function createLanes({
  numbers,
  perSecond,
  redis,
  connect,
  log,
}: {
  numbers: readonly string[];
  /** Messages that a number may send. */
  perSecond: number;
  redis: Redis;
  /** A connection that waits for an absent Redis. */
  connect: (name: string) => Redis;
  log: Log;
}): Lanes {
  const queues = new Map(
    numbers.map((number) => {
      const queue = new Queue<Parcel>(number, {
        connection: redis,
        prefix: OUT,
        // The ledger knows what became of it: a job is not kept, nor the words in it.
        defaultJobOptions: { removeOnComplete: true, removeOnFail: false },
        skipWaitingForReady: true,
        skipVersionCheck: true,
      });
      queue.on("error", () => {});
      return [number, queue] as const;
    }),
  );
  const workers: QueueWorker<Parcel>[] = [];
  const connections: Redis[] = [];

  const wake = async (number: string, id: string): Promise<void> => {
    for (let look = 0; look < LOOKS; look += 1) {
      const job = await queues.get(number)?.getJob(id);
      if (job === undefined) return;
      if (await job.isDelayed()) return job.promote().catch(() => {});
      // One that is about to wait does so in a moment; one in the queue runs by itself.
      if (!(await job.isActive())) return;
      await sleep(LOOK_MS);
    }
  };

  const start = (number: string, queue: Queue<Parcel>, sender: Sender): void => {
    const connection = connect(`whatsapp-out-${number}`);
    connections.push(connection);
    const worker = new QueueWorker<Parcel>(
      number,
      async (job, token) => {
        const step = await sender(number, job.data);
        if (step.kind === "done") {
          if (step.next !== null) await wake(number, step.next);
          return;
        }
        if (step.kind === "all later") {
          await queue.rateLimit(Math.ceil(step.afterMs));
          throw QueueWorker.RateLimitError();
        }
        await job.moveToDelayed(Date.now() + Math.ceil(step.afterMs), token);
        throw new DelayedError();
      },
      {
        connection,
        prefix: OUT,
        autorun: false,
        concurrency: CONCURRENCY,
        limiter: { max: perSecond, duration: 1_000 },
        // A worker that is closed as it begins to wait for the limit waits to the end: then not half a minute, which is BullMQ's own.
        maximumRateLimitDelay: 1_000,
        // Longer than a request may take: what comes again was left by a process that died.
        lockDuration: 20_000,
        stalledInterval: 5_000,
      },
    );
    worker.on("error", (error) => log.debug({ err: error, number }, "the queue's worker reports"));
    worker.on("failed", (job, error) => {
      log.error({ err: error, number, message: job?.id }, "a message's step failed, taking it up again");
      // Redis was away in the middle of a step: the ledger says how far it came.
      void job?.retry("failed").catch(() => {});
    });
    workers.push(worker);
    // On this connection, which waits for Redis: what stopped the number before counts no more.
    connection
      .del(queue.toKey("limiter"))
      .then(() => worker.run())
      .catch((error: unknown) => {
        if (worker.closing === undefined) log.error({ err: error, number }, "a number's queue has ended");
      });
  };

  return {
    add: async (number, parcel) => {
      await queues.get(number)?.add("send", parcel, { jobId: parcel.id });
    },
    wake,
    hasJob: async (number, id) => (await queues.get(number)?.getJob(id)) !== undefined,
    run: (sender) => {
      for (const [number, queue] of queues) start(number, queue, sender);
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      for (const connection of connections) connection.disconnect();
    },
  };
}
