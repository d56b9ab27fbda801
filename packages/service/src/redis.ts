import { Redis, type RedisOptions } from "ioredis";
import { keysOf } from "@fio/contracts";
import { backoffMs } from "./backoff.ts";
import type { Log } from "./log.ts";
import { watchServer } from "./watch-server.ts";
import { redisOptions } from "./redis-url.ts";

const UNREACHABLE = { firstMs: 100, longestMs: 1_000 };
/** A replica may stay one for a long time: asking it often only adds load. */
const WRONG_SERVER = { firstMs: 200, longestMs: 2_000 };

/** A connection that is silent for this long counts as dead, so no command may take longer. */
const SILENCE_MS = 5_000;

const common: RedisOptions = {
  connectTimeout: 2_000,
  socketTimeout: SILENCE_MS,
  sentinelCommandTimeout: 2_000,
  // Whoever subscribes does so on each "ready": what ioredis does beside rejects unheard when the connection ends meanwhile.
  autoResubscribe: false,
};

/** For consumers: commands wait until Redis is back, and are sent again when a connection breaks. */
export const patient: RedisOptions = { maxRetriesPerRequest: null };

/**
 * For callers that must answer in time: a command fails at once while Redis is not connected, after 2 s when it
 * hangs, and is never sent a second time without the caller knowing.
 */
export const impatient: RedisOptions = {
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  commandTimeout: 2_000,
};

/**
 * Every connection to Redis is opened here, those that BullMQ duplicates too. It looks the name up again and connects
 * anew, without end, when the other end is gone, silent for {@link SILENCE_MS}, loading, or no primary any more; it
 * asks every 2 s, so an idle one notices as well. It logs each outage once. `url` as {@link redisOptions} reads it;
 * `partition`: whose keys it is for.
 */
export function connectRedis({
  url,
  options,
  log,
  name,
  partition = 0,
}: {
  url: string;
  options: RedisOptions;
  log: Log;
  name: string;
  partition?: number;
}): Redis {
  let away = false;
  let wrongServers = 0;
  const isAway = (facts: object, message: string): void => {
    if (!away) log.warn({ ...facts, connection: name }, message);
    away = true;
  };
  const retryMs = (tries: number): number =>
    wrongServers > 0 ? backoffMs(wrongServers, WRONG_SERVER) : backoffMs(tries, UNREACHABLE);

  const redis = new Redis({
    ...redisOptions(url, { partition }),
    ...common,
    ...options,
    connectionName: name,
    retryStrategy: retryMs,
    sentinelRetryStrategy: retryMs,
    reconnectOnError: (error) => server.isWrong(error),
  });
  const server = watchServer({
    redis,
    pulseKey: keysOf(partition).pulse,
    onWrong: (answer) => {
      wrongServers += 1;
      isAway({ answer }, "redis server does not accept writes, reconnecting");
    },
    onWell: () => {
      wrongServers = 0;
      if (away) log.info({ connection: name }, "redis is available again");
      away = false;
    },
  });
  redis.on("error", (error: Error) => isAway({ err: error }, "redis error, reconnecting"));
  // BullMQ duplicates its connection to wait for jobs.
  redis.duplicate = (override?: Partial<RedisOptions>) =>
    connectRedis({
      url,
      options: { ...options, ...override },
      log,
      name: `${name}-blocking`,
      partition,
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
