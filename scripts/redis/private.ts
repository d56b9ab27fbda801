import { mkdir } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { redisOptions } from "@fio/service/redis-url";

/** Where the private Redis of a data directory keeps its append-only file. */
export async function redisDirectory(dataDir: string): Promise<string> {
  const directory = join(dataDir, "redis");
  await mkdir(directory, { recursive: true });
  return directory;
}

/** Fio's settings for Redis: on disk before it answers, no eviction, bounded memory. */
export function redisSettings(): string[] {
  const megabytes = Math.max(128, Math.min(1_024, Math.floor(totalmem() / 4 / 2 ** 20)));
  return [
    ...["--appendonly", "yes", "--appendfsync", "always", "--save", ""],
    ...["--maxmemory", `${megabytes}mb`, "--maxmemory-policy", "noeviction"],
  ];
}

/** True once the server at that address, or on that port of this machine, has loaded its data and answers. */
export async function answers(address: string | number): Promise<boolean> {
  return (await ask(address, (redis) => redis.ping())) === "PONG";
}

/**
 * Stops the Redis that a killed start left on `port`, if it still serves `directory`: two of them on one
 * append-only file would destroy it. Recognised by its answer, never by a process id, which may be reused.
 */
export async function endStaleRedis({ port, directory }: { port: number; directory: string }): Promise<void> {
  const serves = await ask(port, async (redis) => await redis.config("GET", "dir"));
  if (serves?.[1] !== directory) return;
  await ask(port, (redis) => redis.shutdown("NOSAVE"));
  const deadline = Date.now() + 5_000;
  while ((await answers(port)) && Date.now() < deadline) await sleep(50);
}

async function ask<Answer>(
  address: string | number,
  question: (redis: Redis) => Promise<Answer>,
): Promise<Answer | null> {
  const redis = new Redis({
    ...redisOptions(typeof address === "string" ? address : `redis://127.0.0.1:${address}`),
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: 2_000,
  });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await question(redis);
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}
