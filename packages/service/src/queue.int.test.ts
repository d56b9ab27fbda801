import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Worker, WaitingError } from "bullmq";
import { Redis } from "ioredis";
import { QUEUE_NAME, REDIS_PREFIX, TAKEN_KEY, type Job } from "@fio/contracts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { jobName, openEventQueue, queueKey, readQueue, replayName, type EventQueue } from "./queue.ts";

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
beforeEach(() => redis.flushall());

const read = () => readQueue(redis);
const job: Job = { v: 1, events: [] };

/** Queues a job the way a flush does, accepted so long ago; what is in it does not matter here. */
async function enqueue(events: number, { agoMs = 0 } = {}): Promise<string> {
  const taken = await redis.incrby(TAKEN_KEY, events);
  const added = await queue.add(jobName(taken - events, events), job, { timestamp: Date.now() - agoMs });
  return added.id!;
}

/** Jobs that a worker takes and does nothing with, until told what shall become of each. */
async function takeInHand(count: number) {
  const held: Array<{ id: string; fail: () => void; done: () => void; back: () => void }> = [];
  const worker = new Worker<Job>(
    QUEUE_NAME,
    (one, token) =>
      new Promise((resolve, reject) => {
        held.push({
          id: one.id!,
          fail: () => reject(new Error("a bug")),
          done: () => resolve(null),
          back: () => void one.moveToWait(token).then(() => reject(new WaitingError()), reject),
        });
      }),
    { connection: redis, prefix: REDIS_PREFIX, concurrency: count },
  );
  worker.on("error", () => {});
  await until(() => held.length === count, { what: `${count} jobs are in hand` });
  return { held, pause: () => worker.pause(true), close: () => worker.close(true) };
}

test("an empty queue holds nothing, and nothing is old", async () => {
  const none = { waiting: 0, active: 0, delayed: 0 };
  expect(await read()).toMatchObject({ jobs: none, events: none, oldestMs: null, jobsDone: 0 });
});

test("what waits is counted in events, exactly, whatever the jobs hold", async () => {
  for (const events of [3, 500, 1]) await enqueue(events);
  expect(await read()).toMatchObject({ jobs: { waiting: 3 }, events: { waiting: 504 } });
  await redis.rpop(queueKey("wait"));
  expect(await read()).toMatchObject({ jobs: { waiting: 2 }, events: { waiting: 501 } });
});

test("a long backlog is counted as exactly, and the oldest of it is found", async () => {
  await enqueue(7, { agoMs: 60_000 });
  for (let index = 0; index < 400; index += 1) await enqueue(1 + (index % 5));
  const { jobs, events, oldestMs } = await read();
  expect([jobs.waiting, events.waiting]).toEqual([401, 7 + 400 * 3]);
  expect(oldestMs).toBeGreaterThanOrEqual(60_000);
  expect(oldestMs).toBeLessThan(90_000);
});

test("what workers have in hand counts with its age, and so does what is delayed and what came back", async () => {
  await enqueue(4, { agoMs: 60_000 });
  const working = await takeInHand(1);
  await enqueue(2);
  expect(await read()).toMatchObject({
    jobs: { waiting: 1, active: 1, delayed: 0 },
    events: { waiting: 2, active: 4, delayed: 0 },
  });
  expect((await read()).oldestMs).toBeGreaterThanOrEqual(60_000);

  // Its worker fails: BullMQ puts the job aside for a second.
  const stopping = working.pause();
  working.held[0]!.fail();
  await until(async () => (await read()).jobs.delayed === 1, { what: "the job is delayed", everyMs: 10 });
  expect(await read()).toMatchObject({ events: { waiting: 2, active: 0, delayed: 4 } });
  expect((await read()).oldestMs).toBeGreaterThanOrEqual(60_000);
  await stopping;
  await working.close();
});

test("a job that comes back from a delay stays the oldest, though it returns behind a long backlog", async () => {
  const id = await enqueue(1, { agoMs: 60_000 });
  const working = await takeInHand(1);
  const stopping = working.pause();
  working.held[0]!.fail();
  await until(async () => (await read()).jobs.delayed === 1, { what: "the job is delayed", everyMs: 10 });
  await stopping;
  await working.close();
  for (let index = 0; index < 300; index += 1) await enqueue(1);
  // What BullMQ does when the delay is over: to the head of the list, behind everything.
  await redis.zrem(queueKey("delayed"), id);
  await redis.lpush(queueKey("wait"), id);
  expect((await read()).oldestMs).toBeGreaterThanOrEqual(60_000);
  await redis.lrem(queueKey("wait"), 1, id);
  await redis.del(queueKey(id));
  expect((await read()).oldestMs).toBeLessThan(60_000);
});

test("a job that was handed back does not make those count that were done meanwhile", async () => {
  await enqueue(5, { agoMs: 60_000 });
  const working = await takeInHand(1);
  await redis.incrby(TAKEN_KEY, 50_000_000);
  await enqueue(3);
  const stopping = working.pause();
  working.held[0]!.back();
  await until(async () => (await read()).jobs.waiting === 2, { what: "it is back", everyMs: 10 });
  expect((await read()).events.waiting).toBe(8);
  expect((await read()).oldestMs).toBeGreaterThanOrEqual(60_000);
  await stopping;
  await working.close();
});

test("the fleet's progress is told by what is done, not by what comes in or comes back", async () => {
  for (let index = 0; index < 3; index += 1) await enqueue(10);
  const working = await takeInHand(2);
  expect((await read()).jobsDone).toBe(0);
  const stopping = working.pause();
  working.held[0]!.back();
  working.held[1]!.done();
  await stopping;
  await until(async () => (await read()).jobsDone === 1, { what: "one is done", everyMs: 10 });
  expect((await read()).jobs).toEqual({ waiting: 2, active: 0, delayed: 0 });
  await working.close();
});

test("an unreadable job, which stays in the failed set, is neither work nor old", async () => {
  const id = await enqueue(1, { agoMs: 60_000 });
  await redis.lrem(queueKey("wait"), 1, id);
  await redis.zadd(queueKey("failed"), Date.now(), id);
  expect(await read()).toMatchObject({ jobs: { waiting: 0, active: 0, delayed: 0 }, oldestMs: null });
});

test("jobs of an earlier version, which do not say how many events they hold, are counted by what was accepted since", async () => {
  await redis.set(TAKEN_KEY, 20);
  await queue.add("events@0", job);
  await queue.add("events@5", job);
  expect((await read()).events.waiting).toBe(20);
  await redis.set(TAKEN_KEY, "50000000");
  expect((await read()).events.waiting).toBe(2_000);
  await redis.del(TAKEN_KEY);
  expect((await read()).events.waiting).toBe(2);
});

test("a replay counts with the events that it holds, one of an earlier version as one", async () => {
  await queue.add(replayName(30), job);
  await queue.add("replay", job);
  expect(await read()).toMatchObject({ jobs: { waiting: 2 }, events: { waiting: 31 } });
  await enqueue(20);
  expect(await read()).toMatchObject({ jobs: { waiting: 3 }, events: { waiting: 51 } });
});

test("a reading costs the same, however long the backlog is", async () => {
  const costOf = async (): Promise<number> => {
    await redis.config("RESETSTAT");
    for (let index = 0; index < 50; index += 1) await read();
    const stats = await redis.info("commandstats");
    return Number(/cmdstat_eval:calls=50,usec=(\d+)/.exec(stats)![1]) / 50;
  };
  for (let index = 0; index < 200; index += 1) await enqueue(1);
  const short = await costOf();
  const ids = Array.from({ length: 1_000 }, () => "1");
  for (let index = 0; index < 200; index += 1) await redis.lpush(queueKey("wait"), ...ids);
  const long = await costOf();
  expect((await read()).jobs.waiting).toBe(200_200);
  expect(long).toBeLessThan(short * 5 + 500);
});
