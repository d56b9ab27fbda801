import type { Redis } from "ioredis";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@fio/service/log";

export type Presence = {
  /** Whether the process of the worker with this id is gone; `false` also when that cannot be told. */
  isGone: (workerId: string) => Promise<boolean>;
};

/** Under which its connections are known to Redis. */
export const connectionNameOf = (workerId: string): string => `worker-${workerId}`;

/** A worker that connects anew is away for a moment. */
const AGAIN_MS = 300;

/**
 * Tells a worker that is slow from one that is gone, by its connections to Redis: the kernel closes them when the process
 * ends, and keeps them while it is busy, waits for its store or is stopped. A heartbeat of its own would fall silent in
 * just those cases.
 */
export function createPresence({ redis, ownId, log }: { redis: Redis; ownId: string; log: Log }): Presence {
  let isWarned = false;

  /** `null`: it cannot be told. */
  const isConnected = async (workerId: string): Promise<boolean | null> => {
    try {
      const list = (await redis.client("LIST")) as string;
      const names = [...list.matchAll(/ name=(\S+)/g)].map(([, name]) => name ?? "");
      const has = (id: string): boolean => names.some((name) => name.startsWith(connectionNameOf(id)));
      // A list without ourselves is of another server, or of what stands before it.
      return has(ownId) ? has(workerId) : null;
    } catch (error) {
      if (!isWarned) log.warn({ err: error }, "cannot tell whether a worker is gone: CLIENT LIST failed");
      isWarned = true;
      return null;
    }
  };

  return {
    isGone: async (workerId) => {
      if (workerId === ownId || (await isConnected(workerId)) !== false) return false;
      await sleep(AGAIN_MS);
      return (await isConnected(workerId)) === false;
    },
  };
}
