import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Queue } from "bullmq";
import { QUEUE_NAME, REDIS_PREFIX, TAKEN_KEY, type Job, type Receipt } from "@fio/contracts";
import { takeReceipts } from "@fio/service/receipts";
import { creation } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { openQueue, type EventQueue } from "./queue.ts";
import { openTestQueue, startTestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let testQueue: TestQueue;
let queue: EventQueue;

beforeAll(async () => {
  server = await startRedis();
  testQueue = openTestQueue(server.url);
  queue = openQueue({ redis: testQueue.redis });
});
afterAll(async () => {
  await queue.close();
  await testQueue.close();
  await server.remove();
});
beforeEach(() => testQueue.redis.flushall());

/** Queues a job the way a flush does; what is in it does not matter here. */
async function enqueue(events: number): Promise<void> {
  const { takenBefore } = await takeReceipts(testQueue.redis, events, null);
  await queue.enqueue({ v: 1, events: [] }, takenBefore);
}
const takeOldest = () => testQueue.redis.rpop(`${REDIS_PREFIX}:${QUEUE_NAME}:wait`);

test("the backlog is counted in events, exactly, whatever the jobs hold", async () => {
  expect(await queue.depth()).toMatchObject({ jobs: 0, events: 0, oldest: null });
  const started = Date.now();
  for (const events of [3, 500, 1]) await enqueue(events);
  const depth = await queue.depth();
  expect(depth).toMatchObject({ jobs: 3, events: 504 });
  expect(depth.oldest).toBeGreaterThanOrEqual(started);
  expect(depth.oldest).toBeLessThanOrEqual(Date.now());
  await takeOldest();
  expect(await queue.depth()).toMatchObject({ jobs: 2, events: 501 });
  await takeOldest();
  await takeOldest();
  expect(await queue.depth()).toMatchObject({ jobs: 0, events: 0 });
});

test("jobs that others queued are passed over, and count for one event at least", async () => {
  const others = new Queue<Job>(QUEUE_NAME, { connection: testQueue.redis, prefix: REDIS_PREFIX });
  await others.add("replay", {
    v: 1,
    events: [{ receipt: "1740133242349308" as Receipt, event: creation() as never }],
  });
  expect(await queue.depth()).toMatchObject({ jobs: 1, events: 1 });
  await enqueue(20);
  expect(await queue.depth()).toMatchObject({ jobs: 2, events: 20 });
  await others.close();
});

test("a job that came back after a long time does not make the backlog endless", async () => {
  await enqueue(10);
  await testQueue.redis.set(TAKEN_KEY, "50000000");
  expect(await queue.depth()).toMatchObject({ jobs: 1, events: 1_000 });
});

test("a lost count leaves a backlog of at least one event a job", async () => {
  await enqueue(10);
  await enqueue(10);
  await testQueue.redis.del(TAKEN_KEY);
  expect(await queue.depth()).toMatchObject({ jobs: 2, events: 2 });
});

test("memory is a share of maxmemory, and unknown without one", async () => {
  expect((await queue.depth()).memory).toBeGreaterThan(0);
  await testQueue.redis.config("SET", "maxmemory", "0");
  expect((await queue.depth()).memory).toBeNull();
  await testQueue.redis.config("SET", "maxmemory", "512mb");
});

test("a full backlog is a 503 with Retry-After and not ready, until workers have drained it", async () => {
  const ingest = await startTestIngest({ redisUrl: server.url, env: { MAX_BACKLOG: "50" } });
  const array = (length: number) => Array.from({ length }, () => creation());
  expect((await ingest.post(array(49))).status).toBe(202);
  await until(async () => /^fio_queue_waiting_events 49$/m.test(await ingest.metrics()), {
    what: "49 are seen",
  });
  expect((await ingest.post(array(1))).status).toBe(202);
  await until(async () => !(await ingest.ready()), { what: "the limit is seen" });
  const full = await ingest.post(creation());
  expect([full.status, full.body.code]).toEqual([503, "BACKLOG_FULL"]);
  expect(Number(full.headers.get("retry-after"))).toBeGreaterThan(0);
  await testQueue.empty();
  await until(() => ingest.ready(), { what: "there is room again" });
  expect((await ingest.post(creation())).status).toBe(202);
  await ingest.stop();
});
