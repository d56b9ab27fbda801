import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { openEventQueue, readQueue, type EventQueue } from "@fio/service/queue";
import { storyOf } from "../store/testing/fixture.ts";
import { watchProgress } from "./progress.ts";

let server: RedisServer;
let redis: Redis;
let queue: EventQueue;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  queue = openEventQueue(redis);
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await server.remove();
});

test("a fleet with work that gets none of it done for ten seconds is stuck, whoever looks", async () => {
  let now = Date.now();
  const progress = watchProgress({ read: () => readQueue(redis), now: () => now });
  await progress.look();
  now += 120_000;
  await progress.look();
  expect(progress.isStuck()).toBe(false);

  const jobs = [1, 2].map((receipt) => queue.add("events", { v: 1, events: [storyOf().created(receipt)] }));
  const [job] = await Promise.all(jobs);
  await progress.look();
  now += 9_000;
  await progress.look();
  expect(progress.isStuck()).toBe(false);
  now += 2_000;
  await progress.look();
  expect(progress.isStuck()).toBe(true);
  // Another worker has done one.
  await job?.remove();
  await progress.look();
  expect(progress.isStuck()).toBe(false);
  progress.stop();
});
