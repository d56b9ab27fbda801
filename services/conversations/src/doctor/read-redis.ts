import type { Redis } from "ioredis";
import { describeError } from "@fio/service/describe-error";
import { createLog } from "@fio/service/log";
import { openPartitions, together, type Partitions } from "@fio/service/partitions";
import { countFailedJobs } from "@fio/service/queue";
import { connectRedis, impatient, whenReady } from "@fio/service/redis";
import { redisWarnings } from "@fio/service/redis-settings";
import { redisHosts } from "@fio/service/redis-url";
import type { RedisReading } from "./picture.ts";
import { skewOf } from "./skew.ts";

const READY_MS = 3_000;

export async function readRedis(url: string | undefined): Promise<RedisReading> {
  if (url === undefined) return { kind: "not named" };
  const address = redisHosts(url);
  const log = createLog({ service: "doctor", level: "silent" });
  let last: unknown;
  const partitions = openPartitions((partition) => {
    const redis = connectRedis({ url, options: impatient, log, name: "doctor", partition });
    redis.on("error", (error: Error) => (last = error));
    return redis;
  });
  try {
    await whenReady(partitions.at(0), READY_MS);
    const count = await partitions.look();
    const all = Array.from({ length: count }, (_, partition) => partitions.at(partition));
    await Promise.all(all.map((redis) => whenReady(redis, READY_MS)));
    return await read(partitions, all, address);
  } catch (error) {
    return { kind: "silent", address, error: describeError(last ?? error) };
  } finally {
    partitions.close();
  }
}

/** `all`: a connection for each partition; in a cluster they may lead to different servers. */
async function read(partitions: Partitions, all: readonly Redis[], address: string): Promise<RedisReading> {
  const first = partitions.at(0);
  const before = Date.now();
  const [seconds, microseconds] = await first.time();
  const after = Date.now();
  const from = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  const [info, risks, { queue, memory }, failed] = await Promise.all([
    // A managed Redis may forbid it.
    first.info().catch(() => ""),
    Promise.all(all.map(redisWarnings)),
    partitions.readings().then(together),
    Promise.all(all.map(countFailedJobs)),
  ]);
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
  return {
    kind: "answers",
    address,
    version: field("redis_version") ?? "of an unknown version",
    risks: [...new Set(risks.flat())],
    memoryShare: memory,
    evictedKeys: Number(field("evicted_keys") ?? 0),
    persistence: {
      lastWrite: field("aof_last_write_status") ?? "ok",
      lastRewrite: field("aof_last_bgrewrite_status") ?? "ok",
    },
    skewMs: skewOf({ before, after, from }),
    queue,
    failedJobs: failed.reduce((sum, count) => sum + count, 0),
  };
}
