import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { creation } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { openTestQueue, startTestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let testQueue: TestQueue;

beforeAll(async () => {
  server = await startRedis();
  testQueue = openTestQueue(server.url);
});
afterAll(async () => {
  await testQueue.close();
  await server.remove();
});
beforeEach(() => testQueue.redis.flushall());

test("a full backlog is a 503 with Retry-After, and ready all the while, until workers have drained it", async () => {
  const ingest = await startTestIngest({ redisUrl: server.url, env: { MAX_BACKLOG: "50" } });
  const array = (length: number) => Array.from({ length }, () => creation());
  expect((await ingest.post(array(49))).status).toBe(202);
  await until(async () => /^fio_queue_events\{state="waiting"\} 49$/m.test(await ingest.metrics()), {
    what: "49 are seen",
  });
  expect((await ingest.post(array(1))).status).toBe(202);
  const full = await until(
    async () => {
      const answer = await ingest.post(creation());
      return answer.status === 202 ? null : answer;
    },
    { what: "the limit is seen" },
  );
  expect([full.status, full.body.code]).toEqual([503, "BACKLOG_FULL"]);
  expect(Number(full.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await ingest.ready()).toBe(true);
  await testQueue.empty();
  await until(async () => (await ingest.post(creation())).status === 202, { what: "there is room again" });
  await ingest.stop();
});
