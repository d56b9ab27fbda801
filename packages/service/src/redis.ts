import { Redis, type RedisOptions } from "ioredis";
import type { Log } from "./log.ts";

/** BullMQ's own strategy reaches 20 s: an outage would last as long again after its end. */
const retryStrategy = (tries: number): number => Math.min(100 * 2 ** Math.min(tries, 4), 1_000);

/** For consumers: commands wait until Redis is back. */
export const patient: RedisOptions = { retryStrategy, maxRetriesPerRequest: null, enableReadyCheck: true };

/**
 * For whoever must answer in time: a command fails at once while Redis is away, after 2 s when it hangs, and is
 * never sent a second time behind the caller's back. A connection whose other end has vanished is given up.
 */
export const impatient: RedisOptions = {
  retryStrategy,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  commandTimeout: 2_000,
  connectTimeout: 2_000,
  socketTimeout: 5_000,
};

/** A connection that logs its faults once per outage instead of crashing the process or flooding the log. */
export function connectRedis({
  url,
  options,
  log,
  name,
}: {
  url: string;
  options: RedisOptions;
  log: Log;
  name: string;
}): Redis {
  const redis = new Redis(url, { ...options, connectionName: name });
  let down = false;
  redis.on("error", (error: Error) => {
    if (!down) log.warn({ err: error, connection: name }, "redis is away");
    down = true;
  });
  redis.on("ready", () => {
    if (down) log.info({ connection: name }, "redis is back");
    down = false;
  });
  return redis;
}

/** Resolves once the connection is ready; throws after `milliseconds`. */
export async function whenReady(redis: Redis, milliseconds: number): Promise<void> {
  if (redis.status === "ready") return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.off("ready", done);
      reject(new Error(`Redis was not ready within ${milliseconds} ms`));
    }, milliseconds);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    redis.once("ready", done);
  });
}
