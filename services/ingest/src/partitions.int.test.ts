import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Redis } from "ioredis";
import { conversationIdOf, keysOf, type Job, type JobEvent } from "@fio/contracts";
import { openEventQueue } from "@fio/service/queue";
import { creation, message } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { startTestIngest, type TestIngest } from "./testing/start.ts";

let server: RedisServer;
let redis: Redis;
const started: TestIngest[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
});
afterAll(async () => {
  redis.disconnect();
  await server.remove();
});
beforeEach(() => redis.flushall());
afterEach(async () => {
  await Promise.all(started.splice(0).map((ingest) => ingest.stop()));
});

const startWith = async (partitions: number, env: Record<string, string> = {}): Promise<TestIngest> => {
  const own = { QUEUE_PARTITIONS: String(partitions), ...env };
  const ingest = await startTestIngest({ redisUrl: server.url, env: own });
  started.push(ingest);
  return ingest;
};
/** What waits in a partition, oldest first. */
async function jobsIn(partition: number): Promise<Job[]> {
  const queue = openEventQueue(redis, partition);
  return (await queue.getJobs(["wait"], 0, -1, true)).map(({ data }) => data);
}
const eventsIn = async (partition: number): Promise<JobEvent[]> =>
  (await jobsIn(partition)).flatMap(({ events }) => events);

test("without partitions there is no key that was not there before", async () => {
  const ingest = await startTestIngest({ redisUrl: server.url });
  started.push(ingest);
  expect((await ingest.post(creation())).status).toBe(202);
  const keys = await redis.keys("*");
  expect(keys.filter((key) => !key.startsWith("{fio}:") || key.includes("partition"))).toEqual([]);
  expect(keys).not.toContain(keysOf(0).layout);
});

test("an array is divided by conversation, one job for each partition, and answered in its order", async () => {
  const ingest = await startWith(3);
  const conversations = Array.from({ length: 60 }, () => randomUUID());
  const events = Array.from({ length: 200 }, (_, index) => message(conversations[index % 60]!));
  const { status, body } = await ingest.post(events);
  expect(status).toBe(202);
  const queued = await Promise.all([0, 1, 2].map(eventsIn));
  expect(await Promise.all([0, 1, 2].map(async (one) => (await jobsIn(one)).length))).toEqual([1, 1, 1]);
  const receiptsById = new Map(
    queued.flat().map(({ receipt, event }) => [JSON.stringify(event.data), receipt]),
  );
  expect(body.receipts).toEqual(events.map(({ data }) => receiptsById.get(JSON.stringify(data))));
  expect(new Set(body.receipts).size).toBe(200);
  const placesOf = Map.groupBy(
    queued.flatMap((own, partition) => own.map(({ event }) => ({ id: conversationIdOf(event), partition }))),
    ({ id }) => id,
  );
  for (const places of placesOf.values())
    expect(new Set(places.map(({ partition }) => partition)).size).toBe(1);
});

test("while their number changes, receipts rise within each conversation, and nothing is lost or doubled", async () => {
  const ingests = [await startWith(1)];
  const done = new AbortController();
  const accepted: string[] = [];
  /** One sender of a conversation: to whichever ingest, each event after the last was answered. */
  const send = async (): Promise<string[]> => {
    const conversation = randomUUID();
    const receipts: string[] = [];
    while (!done.signal.aborted) {
      const event = message(conversation);
      let status = 0;
      while (status !== 202) {
        const answer = await ingests[receipts.length % ingests.length]!.post(event);
        ({ status } = answer);
        if (status === 202) receipts.push(answer.body.receipt!);
        else expect(status).toBe(503);
      }
      accepted.push(event.data["id"]!);
    }
    return receipts;
  };
  const sending = Array.from({ length: 12 }, send);
  for (const partitions of [3, 2, 5, 1, 4]) {
    await sleep(150);
    ingests.push(await startWith(partitions));
  }
  await sleep(150);
  done.abort();
  const given = await Promise.all(sending);
  for (const receipts of given) {
    expect(receipts.length).toBeGreaterThan(2);
    expect(receipts).toEqual([...new Set(receipts)].toSorted());
  }
  expect(new Set(given.flat()).size).toBe(given.flat().length);
  const queued = (await Promise.all([0, 1, 2, 3, 4].map(eventsIn))).flat();
  const ids = queued.map(({ event }) => "id" in event.data && event.data.id);
  expect(ids.toSorted()).toEqual(accepted.toSorted());
  expect(new Set(queued.map(({ receipt }) => receipt)).size).toBe(queued.length);
});

test("what waits in all partitions together is the backlog", async () => {
  const ingest = await startWith(3, { MAX_BACKLOG: "30" });
  const status = async () => (await ingest.post(Array.from({ length: 10 }, () => creation()))).status;
  let last = 202;
  for (let posts = 0; posts < 100 && last === 202; posts += 1) {
    last = await status();
    await sleep(50);
  }
  expect(last).toBe(503);
  const waiting = (await Promise.all([0, 1, 2].map(eventsIn))).map((events) => events.length);
  expect(Math.max(...waiting)).toBeLessThan(waiting.reduce((sum, one) => sum + one));
  const metrics = await ingest.metrics();
  for (const [partition, events] of waiting.entries()) {
    expect(metrics).toContain(`fio_partition_events{partition="${partition}"} ${events}\n`);
    expect(metrics).toContain(`fio_partition_reachable{partition="${partition}"} 1\n`);
  }
  expect(metrics).toContain(`fio_queue_events{state="waiting"} ${waiting.reduce((sum, one) => sum + one)}`);
});
