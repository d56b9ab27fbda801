import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Redis } from "ioredis";
import {
  RECEIPT_GIVER_KEY,
  RECEIPT_KEY,
  TAKEN_KEY,
  keysOf,
  type Job,
  type WebhookEvent,
} from "@fio/contracts";
import { jobName, openEventQueue, queueKey, readQueue, type EventQueue } from "@fio/service/queue";
import { creation, message } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { createEnqueue, type Enqueue } from "./enqueue.ts";

let server: RedisServer;
let redis: Redis;
let queue: EventQueue;
let enqueue: Enqueue;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  queue = openEventQueue(redis);
  await queue.waitUntilReady();
  enqueue = createEnqueue({ redis, acknowledged: () => Promise.resolve() });
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await server.remove();
});
beforeEach(() => redis.flushall());

const event = (): WebhookEvent => creation() as unknown as WebhookEvent;
const OWN: string[] = [RECEIPT_KEY, RECEIPT_GIVER_KEY, TAKEN_KEY];

/** All that the queue is in Redis, but for what tells one moment from another. */
async function queueInRedis(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const key of (await redis.keys("*")).toSorted()) {
    if (OWN.includes(key)) continue;
    const type = await redis.type(key);
    if (type === "hash") {
      const { timestamp, opts, ...rest } = await redis.hgetall(key);
      const options: unknown = opts === undefined ? undefined : JSON.parse(opts);
      found[key] = { ...rest, opts: options, timestamp: timestamp?.length };
    } else if (type === "list") found[key] = await redis.lrange(key, 0, -1);
    else if (type === "zset") found[key] = await redis.call("ZRANGE", key, 0, -1, "WITHSCORES");
    else if (type === "stream") found[key] = (await redis.xrange(key, "-", "+")).map(([, fields]) => fields);
    else found[key] = await redis.get(key);
  }
  return found;
}

test("a job is queued exactly as BullMQ queues it, on an empty queue and behind others", async () => {
  const events = [
    [{ event: event() }],
    [{ event: event(), reply: "an instance" }, { event: event() }, { event: event() }],
  ];
  const jobs: Job[] = [];
  for (const outgoing of events) {
    const receipts = await enqueue(outgoing);
    jobs.push({
      v: 1,
      events: outgoing.map(({ event: one, ...reply }, index) => ({
        receipt: receipts[index]!,
        event: one,
        ...reply,
      })),
    });
  }
  const ours = await queueInRedis();
  expect(Object.keys(ours)).toContain(queueKey("wait"));
  await redis.flushall();
  let taken = 0;
  for (const job of jobs) {
    await queue.add(jobName(taken, job.events.length), job);
    taken += job.events.length;
  }
  expect(ours).toEqual(await queueInRedis());
});

test("a paused queue takes jobs as BullMQ's own does", async () => {
  const outcome = async (add: () => Promise<unknown>): Promise<unknown> => {
    await redis.flushall();
    await queue.pause();
    await add();
    const { [queueKey("1")]: job, ...found } = await queueInRedis();
    expect(job).toBeDefined();
    return found;
  };
  expect(await outcome(() => enqueue([{ event: event() }]))).toEqual(
    await outcome(() => queue.add(jobName(0, 1), { v: 1, events: [] })),
  );
});

test("a flush is one command to Redis, whatever it holds", async () => {
  await enqueue([{ event: event() }]);
  await redis.config("RESETSTAT");
  const events = Array.from({ length: 500 }, () => ({ event: event() }));
  expect(await enqueue(events)).toHaveLength(500);
  expect(await redis.info("commandstats")).toMatch(/cmdstat_evalsha:calls=1,/);
  expect(await redis.info("commandstats")).not.toMatch(/cmdstat_eval:/);
  expect(await redis.get(TAKEN_KEY)).toBe("501");
});

test("a Redis that forgot its scripts takes the events all the same", async () => {
  await enqueue([{ event: event() }]);
  await redis.script("FLUSH");
  const [receipt] = await enqueue([{ event: event() }]);
  const [job] = await queue.getJobs(["wait"], 0, 0);
  expect(job!.data.events.map((one) => one.receipt)).toEqual([receipt]);
  expect(await redis.llen(queueKey("wait"))).toBe(2);
});

test("a Redis that is full takes nothing, and counts nothing", async () => {
  await enqueue([{ event: event() }]);
  const before = { queue: await queueInRedis(), taken: await redis.get(TAKEN_KEY) };
  await redis.config("SET", "maxmemory", "1mb");
  await expect(enqueue([{ event: event() }])).rejects.toThrow("OOM");
  expect({ queue: await queueInRedis(), taken: await redis.get(TAKEN_KEY) }).toEqual(before);
  await redis.config("SET", "maxmemory", "512mb");
  await enqueue([{ event: event() }]);
});

test("content of every kind comes out as it went in", async () => {
  const content = `"quotes" \\ back ]] %d %s --[[ \u2028 \u{1f600} olá\n\t${"x".repeat(60_000)}`;
  const sent = { ...event(), type: "NEW_MESSAGE", data: { content } } as unknown as WebhookEvent;
  await enqueue([{ event: sent }]);
  const [job] = await queue.getJobs(["wait"], 0, 0);
  expect(job!.data.events[0]!.event).toEqual(sent);
});

/** A job that was accepted a minute ago and waits; the queue's end is where workers take from. */
async function oldJob(events: number): Promise<void> {
  const taken = await redis.incrby(TAKEN_KEY, events);
  await queue.add(jobName(taken - events, events), { v: 1, events: [] }, { timestamp: Date.now() - 60_000 });
}
/** The names of the jobs that workers take next, in this order. */
async function namesInOrder(): Promise<string[]> {
  const ids = (await redis.lrange(queueKey("wait"), 0, -1)).toReversed();
  return Promise.all(ids.map(async (id) => (await redis.hget(queueKey(id), "name")) ?? ""));
}
const some = (count: number) => Array.from({ length: count }, () => ({ event: event() }));

test("what is accepted while an old backlog waits goes ahead of it, in its own order", async () => {
  await oldJob(500);
  await oldJob(500);
  for (const count of [1, 2, 3]) await enqueue(some(count));
  expect(await namesInOrder()).toEqual(["fresh+1", "fresh+2", "fresh+3", "events@0+500", "events@500+500"]);
  expect(await readQueue(redis)).toMatchObject({ jobs: { waiting: 5 }, events: { waiting: 1_006 } });
  expect((await readQueue(redis)).oldestMs).toBeGreaterThanOrEqual(60_000);
});

test("behind a young backlog everything keeps its order", async () => {
  for (const count of [1, 2]) await enqueue(some(count));
  expect(await namesInOrder()).toEqual(["events@0+1", "events@1+2"]);
});

test("a backlog that does not move is passed by a first burst only, and then by as much as is taken from it", async () => {
  for (let index = 0; index < 10; index += 1) await oldJob(500);
  const aheadOf = async (flushes: number): Promise<number> => {
    const before = (await namesInOrder()).filter((name) => name.startsWith("fresh")).length;
    for (let index = 0; index < flushes; index += 1) await enqueue(some(500));
    return (await namesInOrder()).filter((name) => name.startsWith("fresh")).length - before;
  };
  expect(await aheadOf(6)).toBe(4);
  // A worker takes what is ahead, and two jobs of the backlog.
  for (let index = 0; index < 6; index += 1) await redis.rpop(queueKey("wait"));
  expect(await aheadOf(4)).toBe(2);
  expect((await readQueue(redis)).events.waiting).toBe(4_000 + 1_000 + 2_000);
});

test("so much may be ahead that a reading of the queue still sees the backlog's end", async () => {
  for (let index = 0; index < 300; index += 1) await oldJob(10);
  for (let index = 0; index < 80; index += 1) await enqueue(some(1));
  const names = await namesInOrder();
  expect(names.slice(0, 65).map((name) => name.split(/[@+]/)[0])).toEqual([
    ...Array.from({ length: 64 }, () => "fresh"),
    "events",
  ]);
  await redis.config("RESETSTAT");
  await enqueue(some(1));
  expect(Number(/cmdstat_hmget:calls=(\d+)/.exec(await redis.info("commandstats"))![1])).toBeLessThan(10);
  await redis.lpop(queueKey("wait"));
  await redis.decrby(TAKEN_KEY, 1);
  expect(await readQueue(redis)).toMatchObject({ jobs: { waiting: 380 }, events: { waiting: 3_080 } });
  expect((await readQueue(redis)).oldestMs).toBeGreaterThanOrEqual(60_000);
});

test("a user that may not take from the list lets the newest go first, and loses nothing", async () => {
  await redis.call("ACL", "SETUSER", "earlier", "on", ">secret", "~*", "&*", "+@all", "-rpop");
  const earlier = new Redis(server.url.replace("redis://", "redis://earlier:secret@"));
  try {
    const put = createEnqueue({ redis: earlier, acknowledged: () => Promise.resolve() });
    await oldJob(5);
    for (const count of [1, 2]) await put(some(count));
    expect(await namesInOrder()).toEqual(["fresh+2", "fresh+1", "events@0+5"]);
  } finally {
    earlier.disconnect();
  }
});

test("what agents write is noted in its conversation, in order, with the job; what others write is not", async () => {
  const conversation = randomUUID();
  const said = (author?: { id: string; name: string }) => ({
    event: {
      ...(message(conversation, { direction: "SENT" }) as unknown as WebhookEvent),
      ...(author && {
        data: { ...message(conversation, { direction: "SENT" }).data, author },
      }),
    } as WebhookEvent,
  });
  const agent = { id: "marina", name: "Marina Alves" };
  const key = `${keysOf(0).answers}:${conversation}`;
  await enqueue([{ event: event() }, said()]);
  expect(await redis.get(key)).toBeNull();
  const [, first, , second] = await enqueue([{ event: event() }, said(agent), said(), said(agent)]);
  const [third] = await enqueue([said(agent)]);
  expect(await redis.get(key)).toBe([first, second, third].join(","));
  expect(await redis.ttl(key)).toBeGreaterThan(23 * 3_600);

  const many = await enqueue(Array.from({ length: 300 }, () => said(agent)));
  expect(await redis.get(key)).toBe(many.slice(-256).join(","));
});
