import type { Redis } from "ioredis";
import { readLayout } from "@fio/service/layout";
import type { Log } from "@fio/service/log";
import type { Partitions } from "@fio/service/partitions";
import { countFailedJobs, readQueue, unapplied } from "@fio/service/queue";
import { forgetDrained } from "@fio/service/settle-layout";
import type { createTakenUpToInAll } from "@fio/service/taken-up-to";
import { startConsumer, type Consumer, type InHand } from "./consumer.ts";
import { createPresence, type Presence } from "./presence.ts";
import type { Process } from "./processor.ts";

/** The consumers of one process: of all partitions that may hold events, or of some. */
export type Consumers = Pick<Consumer, "hold" | "goOn" | "close" | "fault"> & {
  /** Opens those of partitions that are new, and ends those of partitions that are gone. Never throws. */
  follow: () => Promise<void>;
  /** Looks at once at the queue of a partition whose Redis has come back. */
  lookAt: (partition: number) => Promise<void>;
  disconnect: () => void;
};

/**
 * Begins with the first partition, or with those in `only`, which are all it ever has. `connect` opens the connection over
 * which jobs are taken; `processorOf` makes what works on them, from who knows the workers of a partition's Redis.
 */
export function createConsumers({
  partitions,
  only,
  connect,
  processorOf,
  taken,
  ownId,
  timing,
  log,
  now,
}: {
  partitions: Partitions;
  only: readonly number[] | null;
  connect: (partition: number) => Redis;
  processorOf: (presence: Presence) => Process;
  taken: ReturnType<typeof createTakenUpToInAll>;
  ownId: string;
  timing: { lockMs: number; stalledMs: number };
  log: Log;
  now: () => number;
}): Consumers {
  const running = new Map<number, { consumer: Consumer; queueRedis: Redis }>();
  const inHand: InHand = { events: 0 };
  let held = false;
  let closed = false;

  const start = (partition: number): void => {
    const [redis, queueRedis] = [partitions.at(partition), connect(partition)];
    const presence = createPresence({ redis, ownId, log });
    const consumer = startConsumer({
      ...{ partition, redis, queueRedis, presence, ownId, inHand, timing, log, now },
      process: processorOf(presence),
      noted: taken.of(partition).note,
    });
    if (held) consumer.hold();
    running.set(partition, { consumer, queueRedis });
  };
  const end = async (partition: number): Promise<void> => {
    const ending = running.get(partition);
    running.delete(partition);
    await ending?.consumer.close();
    ending?.queueRedis.disconnect();
  };
  const all = (): Consumer[] => [...running.values()].map(({ consumer }) => consumer);

  /** How far others have come counts too: a creation may be in their hands. */
  const readOthers = async (used: number): Promise<void> => {
    const others = upTo(used).filter((one) => !running.has(one));
    const readOne = (one: number): Promise<void> =>
      readQueue(partitions.at(one), one).then(taken.of(one).note, () => {});
    await Promise.all(others.map(readOne));
  };
  /** Partitions beyond the layout take nothing any more: once they are empty they stay so. */
  const forgetEmpty = async (used: number): Promise<void> => {
    const { layout, isOpen } = await readLayout(partitions.at(0));
    if (!isOpen || used <= layout.count) return;
    for (const one of upTo(used).slice(layout.count)) {
      const redis = partitions.at(one);
      const [{ jobs }, failed] = await Promise.all([readQueue(redis, one), countFailedJobs(redis, one)]);
      if (unapplied(jobs) + failed > 0) return;
    }
    await forgetDrained(partitions.at(0), layout);
    log.info({ partitions: layout.count, before: used }, "partitions that are no longer in use are drained");
  };

  for (const partition of only ?? [0]) start(partition);
  return {
    follow: async () => {
      const used = await partitions.look();
      if (closed) return;
      if (only === null) {
        for (const one of upTo(used)) if (!running.has(one)) start(one);
        for (const one of [...running.keys()]) if (one >= used) await end(one);
      }
      if (used === 1 && running.has(0)) return;
      await readOthers(used);
      await forgetEmpty(used).catch((error: unknown) => {
        log.debug({ err: error }, "partitions that are no longer in use could not be looked at");
      });
    },
    lookAt: async (partition) => running.get(partition)?.consumer.look(),
    fault: async () => {
      const faults = await Promise.all(all().map((one) => one.fault()));
      return faults.find((fault) => fault !== null) ?? null;
    },
    hold: () => {
      held = true;
      for (const one of all()) one.hold();
    },
    goOn: () => {
      held = false;
      for (const one of all()) one.goOn();
    },
    close: async () => {
      closed = true;
      await Promise.all(all().map((one) => one.close()));
    },
    disconnect: () => {
      for (const { queueRedis } of running.values()) queueRedis.disconnect();
    },
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, one) => one);
