import { setTimeout as sleep } from "node:timers/promises";
import { queueKey } from "@fio/service/queue";
import { redisOptions } from "@fio/service/redis-url";
import { Redis } from "ioredis";

const key = (part: string): string => queueKey(part);

const ANSWER_MS = 5_000;

/**
 * A connection for one question: the server may have been killed since the last. In a cluster to whoever has this partition.
 * Throws when it does not answer.
 */
export async function askRedis<Answer>(
  url: string,
  question: (redis: Redis) => Promise<Answer>,
  { partition = 0 }: { partition?: number } = {},
): Promise<Answer> {
  const redis = new Redis({
    ...redisOptions(url, { partition }),
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectionName: "fio-fault-suite",
  });
  redis.on("error", () => {});
  const limit = new AbortController();
  try {
    // A cluster without this primary is asked without end.
    const late = sleep(ANSWER_MS, "late", { signal: limit.signal, ref: false }).catch(() => "late");
    if ((await Promise.race([redis.connect(), late])) === "late") throw new Error(`no answer of ${url}`);
    return await question(redis);
  } finally {
    limit.abort();
    redis.disconnect();
  }
}

/** Ids of the jobs that workers have in hand, of each worker by itself: a lock's value begins with its worker's id. */
export async function jobsInHand(redis: Redis): Promise<string[][]> {
  const ids = await redis.lrange(key("active"), 0, -1);
  if (ids.length === 0) return [];
  const locks = await redis.mget(ids.map((id) => `${key(id)}:lock`));
  const held = ids.map((id, index) => ({ id, worker: locks[index]?.split(":")[0] }));
  const byWorker = Map.groupBy(
    held.filter(({ worker }) => worker !== undefined),
    ({ worker }) => worker,
  );
  return [...byWorker.values()].map((jobs) => jobs.map(({ id }) => id));
}

/** How many of these jobs are not done yet. */
export const unfinished = async (redis: Redis, ids: readonly string[]): Promise<number> =>
  ids.length === 0 ? 0 : redis.exists(...ids.map(key));

/** How often that one of these jobs that stalled most often has stalled, while it is not done. */
export async function mostStalls(redis: Redis, ids: readonly string[]): Promise<number> {
  const counts = await Promise.all(ids.map((id) => redis.hget(key(id), "stc")));
  return Math.max(0, ...counts.map(Number));
}

/** Those of these jobs that were found without a lock and handed out again. */
export async function stalledAmong(redis: Redis, ids: readonly string[]): Promise<string[]> {
  const entries = await redis.xrevrange(key("events"), "+", "-", "COUNT", 9_000);
  const stalled = new Set(
    entries
      .map(([, fields]) => fields)
      .filter((fields) => fields[fields.indexOf("event") + 1] === "stalled")
      .map((fields) => fields[fields.indexOf("jobId") + 1]),
  );
  return ids.filter((id) => stalled.has(id));
}

/** Jobs of a partition that are not done, wherever they are; failed ones too, since nothing would ever try those again. */
export async function backlog(redis: Redis, partition = 0): Promise<number> {
  const counts = await Promise.all([
    ...["wait", "active", "paused"].map((part) => redis.llen(queueKey(part, partition))),
    ...["delayed", "prioritized", "failed"].map((part) => redis.zcard(queueKey(part, partition))),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}
