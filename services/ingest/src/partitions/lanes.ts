import type { Redis } from "ioredis";
import { keysOf } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { openPartitions, type Partitions } from "@fio/service/partitions";
import { connectRedis, impatient, whenReady } from "@fio/service/redis";
import { warnAboutRedis } from "@fio/service/redis-settings";
import type { Config } from "../config.ts";
import { createEnqueue, type Enqueue } from "../enqueue.ts";
import { createAcknowledged, type Acknowledged } from "../replicas.ts";
import { watchWrites, type Writes } from "../writes.ts";

/** An ingest's way into one partition. */
export type Lane = {
  redis: Redis;
  acknowledged: Acknowledged;
  enqueue: Enqueue;
  /** More jobs wait than workers are just about to take, by the last flush. */
  behind: () => boolean;
  writes: Writes;
};

export type Lanes = {
  /** Opened when it is first asked for. */
  of: (partition: number) => Lane;
  /** Over which the queues are read; one of each lane at least. */
  partitions: Partitions;
  /** Resolves once events can go into the first `count` partitions, or it takes too long. */
  whenOpen: (count: number) => Promise<void>;
  close: () => void;
};

const OPENS_MS = 400;
/** A worker that keeps up takes a job as it comes. */
const KEEPING_UP = 4;

/** Those of the setting are opened at once. `onReady` is called whenever a connection is there. */
export function openLanes({
  config,
  instance,
  onReady,
  log,
}: {
  config: Pick<Config, "redisUrl" | "ackReplicas" | "partitions">;
  instance: string;
  onReady: () => void;
  log: Log;
}): Lanes {
  const { redisUrl: url, ackReplicas: replicas } = config;
  const connect = (name: string, partition: number): Redis => {
    const redis = connectRedis({
      ...{ url, options: impatient, log, partition },
      name: partition === 0 ? name : `${name}-${partition}`,
    });
    redis.on("ready", onReady);
    return redis;
  };
  const partitions = openPartitions((partition) => {
    const redis = connect("ingest", partition);
    warnAboutRedis({ redis, log });
    return redis;
  });
  const open = (partition: number): Lane => {
    // A wait for replicas blocks all later commands on its connection.
    const redis = replicas === 0 ? partitions.at(partition) : connect("ingest-flush", partition);
    const acknowledged = createAcknowledged({ redis, replicas });
    let waiting = 0;
    return {
      redis,
      acknowledged,
      enqueue: createEnqueue({ redis, acknowledged, partition, noteWaiting: (jobs) => (waiting = jobs) }),
      behind: () => waiting > KEEPING_UP,
      writes: watchWrites({ redis, readyKey: keysOf(partition).ready, acknowledged, instance, log }),
    };
  };
  const lanes: Lane[] = [];
  const of = (partition: number): Lane => (lanes[partition] ??= open(partition));
  for (let partition = 0; partition < config.partitions; partition += 1) of(partition);
  return {
    of,
    partitions,
    whenOpen: async (count) => {
      const opens = async (partition: number): Promise<void> => {
        const { redis } = of(partition);
        await whenReady(redis, OPENS_MS);
        // Answered behind the write that tells whether writes are accepted.
        await redis.ping();
      };
      await Promise.allSettled(Array.from({ length: count }, (_, partition) => opens(partition)));
    },
    close: () => {
      for (const { writes, redis } of Object.values(lanes)) {
        writes.stop();
        redis.disconnect();
      }
      partitions.close();
    },
  };
}
