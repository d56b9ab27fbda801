import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { openEventQueue, type EventQueue } from "../queue.ts";
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

test("a worker with work that gets none of it done for a minute is stuck", async () => {
  let now = Date.now();
  const progress = watchProgress({ redis, now: () => now });
  await progress.state();
  now += 120_000;
  await progress.state();
  expect(progress.isStuck()).toBe(false);

  await queue.add("events", { v: 1, events: [storyOf().created(1)] });
  now += 59_000;
  await progress.state();
  expect(progress.isStuck()).toBe(false);
  now += 2_000;
  await progress.state();
  expect(progress.isStuck()).toBe(true);
  progress.jobCompleted();
  expect(progress.isStuck()).toBe(false);
  progress.stop();
});

test("the age of the oldest job is known, whether it waits or is in hand", async () => {
  const progress = watchProgress({ redis, now: () => Date.now() + 5_000 });
  const state = await progress.state();
  expect(state).toMatchObject({ waiting: 1, active: 0 });
  expect(state?.oldestSeconds).toBeGreaterThanOrEqual(5);
  expect(state?.oldestSeconds).toBeLessThan(60);
  progress.stop();
});
