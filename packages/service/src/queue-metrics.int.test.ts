import { afterAll, beforeAll, expect, test } from "vitest";
import { Redis } from "ioredis";
import { Registry } from "prom-client";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { exportQueue } from "./queue-metrics.ts";
import { readBacklog } from "./read-backlog.ts";
import { jobName, openEventQueue, queueKey } from "./queue.ts";
import { impatient } from "./redis.ts";

let server: RedisServer;
let redis: Redis;
const registry = new Registry();

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { ...impatient, enableOfflineQueue: true, commandTimeout: 500 });
  redis.on("error", () => {});
  exportQueue({ registry, readings: () => Promise.allSettled([readBacklog(redis)]) });
});
afterAll(async () => {
  redis.disconnect();
  await server.remove();
});

/** A scrape, without its comments. */
const scrape = async (): Promise<string[]> =>
  (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("a scrape tells what is so now, of all gauges alike, though the one before was otherwise", async () => {
  expect(await scrape()).toEqual([
    'fio_queue_events{state="waiting"} 0',
    'fio_queue_events{state="active"} 0',
    'fio_queue_events{state="delayed"} 0',
    'fio_queue_jobs{state="waiting"} 0',
    'fio_queue_jobs{state="active"} 0',
    'fio_queue_jobs{state="delayed"} 0',
    "fio_queue_oldest_event_seconds 0",
    expect.stringMatching(/^fio_redis_memory_ratio 0\.\d+$/) as string,
    "fio_queue_reachable 1",
    'fio_partition_events{partition="0"} 0',
    expect.stringMatching(/^fio_partition_memory_ratio\{partition="0"\} 0\.\d+$/) as string,
    'fio_partition_reachable{partition="0"} 1',
  ]);
  const queue = openEventQueue(redis);
  await queue.add(jobName(0, 7), { v: 1, events: [] }, { timestamp: Date.now() - 5_000 });
  const after = await scrape();
  expect(after).toContain('fio_queue_events{state="waiting"} 7');
  expect(after).toContain('fio_queue_jobs{state="waiting"} 1');
  expect(after.find((line) => line.startsWith("fio_queue_oldest"))).toMatch(/ ([5-9]|\d\d)(\.\d+)?$/);
  await redis.rpoplpush(queueKey("wait"), queueKey("active"));
  const active = await scrape();
  expect(active).toContain('fio_queue_events{state="waiting"} 0');
  expect(active).toContain('fio_queue_events{state="active"} 7');
  expect(active.find((line) => line.startsWith("fio_queue_oldest"))).toMatch(/ ([5-9]|\d\d)(\.\d+)?$/);
  await queue.close();
});

test("a scrape reads once for all gauges", async () => {
  await redis.config("RESETSTAT");
  await scrape();
  expect(await redis.info("commandstats")).toMatch(/cmdstat_eval:calls=1,/);
});

test("without maxmemory its ratio is unknown, and absent", async () => {
  await redis.config("SET", "maxmemory", "0");
  expect((await scrape()).filter((line) => line.includes("memory"))).toEqual([]);
  await redis.config("SET", "maxmemory", "512mb");
});

test("while Redis does not answer, what is not known has no value; afterwards it has", async () => {
  server.pause();
  expect(await scrape()).toEqual(["fio_queue_reachable 0", 'fio_partition_reachable{partition="0"} 0']);
  server.resume();
  await redis.ping();
  expect(await scrape()).toHaveLength(12);
});
