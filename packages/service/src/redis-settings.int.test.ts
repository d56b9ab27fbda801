import { afterAll, beforeAll, expect, test } from "vitest";
import { Redis } from "ioredis";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { redisWarnings } from "./redis-settings.ts";

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.remove();
});

test("a Redis that is set as Fio needs it gives no warning", async () => {
  expect(await redisWarnings(redis)).toEqual([]);
});

test.each([
  ["maxmemory", "0", "512mb", "memory of the machine"],
  ["maxmemory-policy", "allkeys-lru", "noeviction", "evict queued jobs"],
  ["appendonly", "no", "yes", "lost when Redis stops"],
  ["appendfsync", "everysec", "always", "two seconds"],
])("%s %s is a warning that says what could be lost", async (setting, wrong, right, risk) => {
  await redis.config("SET", setting, wrong);
  expect(await redisWarnings(redis)).toEqual([expect.stringContaining(risk)]);
  await redis.config("SET", setting, right);
});

test("settings that may not be read are a warning each", async () => {
  await redis.acl("SETUSER", "narrow", "on", ">secret", "~*", "+@all", "-config");
  const narrow = redis.duplicate({ username: "narrow", password: "secret" });
  expect(await redisWarnings(narrow)).toHaveLength(4);
  narrow.disconnect();
});
