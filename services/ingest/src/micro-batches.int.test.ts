import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { RECEIPT_KEY, nameOf, receiptOf, type Job } from "@fio/contracts";
import { creation, message } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { openTestQueue, startTestIngest, type TestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let queue: TestQueue;
let ingests: [TestIngest, TestIngest];

beforeAll(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  const start = () => startTestIngest({ redisUrl: server.url });
  ingests = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all(ingests.map((ingest) => ingest.stop()));
  await queue.close();
  await server.remove();
});
beforeEach(() => queue.redis.flushall());

const receiptsOf = (jobs: Job[]): string[] =>
  jobs.flatMap(({ events }) => events.map(({ receipt }) => receipt));
const isStrictlyRising = (receipts: string[]): boolean =>
  receipts.every((receipt, index) => index === 0 || receipt > receipts[index - 1]!);

test("one event on an idle system is a job of one event, under the receipt that was answered", async () => {
  const event = creation();
  const { status, body } = await ingests[0].post(event);
  expect(status).toBe(202);
  expect(body).toEqual({ status: "accepted", receipt: expect.stringMatching(/^\d{16}$/) as string });
  expect(await queue.jobs()).toEqual([
    { v: 1, events: [{ receipt: body.receipt, event: { ...event, timestamp: `${event.timestamp}Z` } }] },
  ]);
});

test("an array is one job, in its order, with a receipt for each event", async () => {
  const conversation = randomUUID();
  const events = Array.from({ length: 1_000 }, () => message(conversation));
  const { status, body } = await ingests[0].post(events);
  expect(status).toBe(202);
  const jobs = await queue.jobs();
  expect(jobs).toHaveLength(1);
  expect(jobs[0]!.events.map(({ event }) => nameOf(event))).toEqual(events.map(({ data }) => data["id"]));
  expect(receiptsOf(jobs)).toEqual(body.receipts);
});

test("under load requests share jobs, and each gets the receipt of its own event", async () => {
  const events = Array.from({ length: 600 }, () => creation());
  const answers = await Promise.all(events.map((event) => ingests[0].post(event)));
  expect(answers.map(({ status }) => status)).toEqual(events.map(() => 202));
  const jobs = await queue.jobs();
  // How much fewer depends on how fast they come: without sharing it is one for each.
  expect(jobs.length).toBeLessThan(events.length);
  const queued = new Map(
    jobs.flatMap((job) => job.events).map(({ event, receipt }) => [nameOf(event), receipt]),
  );
  expect(Object.fromEntries(queued)).toEqual(
    Object.fromEntries(events.map((event, index) => [event.data["id"], answers[index]!.body.receipt])),
  );
});

test("arrays are never split over jobs, however many come at once", async () => {
  const arrays = Array.from({ length: 60 }, (_, index) =>
    Array.from({ length: 1 + ((index * 37) % 300) }, () => creation()),
  );
  await Promise.all(arrays.map((events, index) => ingests[index % 2]!.post(events)));
  const jobOf = new Map(
    (await queue.jobs()).flatMap((job, index) => job.events.map(({ event }) => [nameOf(event), index])),
  );
  for (const events of arrays) {
    expect(new Set(events.map(({ data }) => jobOf.get(data["id"]!))).size).toBe(1);
  }
});

test("receipts rise strictly over two ingests, and a later request's is the greater one", async () => {
  const waves: string[][] = [];
  for (let wave = 0; wave < 20; wave += 1) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ingests[index % 2]!.post(creation())),
    );
    waves.push(answers.map(({ body }) => body.receipt!));
  }
  expect(new Set(waves.flat()).size).toBe(400);
  for (const [index, wave] of waves.slice(1).entries()) {
    expect(wave.toSorted()[0]! > waves[index]!.toSorted().at(-1)!).toBe(true);
  }
});

test("receipts go on from the highest that an ingest has seen when their key is lost", async () => {
  const ahead = receiptOf(Date.now() * 1000 + 3_600_000_000);
  await queue.redis.set(RECEIPT_KEY, ahead);
  const before = (await ingests[0].post(creation())).body.receipt!;
  expect(before > ahead).toBe(true);
  await queue.redis.del(RECEIPT_KEY);
  const after = [
    (await ingests[0].post(creation())).body.receipt!,
    // The other one has not seen it, but takes the key as it finds it.
    (await ingests[1].post(creation())).body.receipt!,
  ];
  expect(isStrictlyRising([before, ...after])).toBe(true);
});

test("a flush that fails gives 503 to its own requests, and to none before or after", async () => {
  const good = async () => (await ingests[0].post(creation())).status;
  expect(await good()).toBe(202);
  const fine = (await queue.redis.get(RECEIPT_KEY))!;
  await queue.redis.set(RECEIPT_KEY, "99999999999999999");
  const refused = await Promise.all([1, 2, 3].map(() => ingests[0].post(creation())));
  await queue.redis.set(RECEIPT_KEY, fine);
  expect(await good()).toBe(202);
  for (const { status, headers, body } of refused) {
    expect([status, body.code]).toEqual([503, "QUEUE_UNAVAILABLE"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(await queue.events()).toHaveLength(2);
});

test("metrics tell what was accepted, how large flushes are, how much waits and how old it is", async () => {
  await ingests[0].post([creation(), creation(), creation()]);
  const metrics = await until(
    async () => {
      const text = await ingests[0].metrics();
      return /^fio_queue_events\{state="waiting"\} 3$/m.test(text) ? text : null;
    },
    { what: "the backlog is measured" },
  );
  expect(metrics).toMatch(/^fio_ingest_accepted_total [1-9]\d*$/m);
  expect(metrics).toMatch(/^fio_ingest_flush_events_count [1-9]\d*$/m);
  expect(metrics).toMatch(/^fio_ingest_flush_seconds_count [1-9]\d*$/m);
  expect(metrics).toMatch(/^fio_queue_jobs\{state="waiting"\} 1$/m);
  expect(metrics).toMatch(/^fio_queue_oldest_event_seconds 0(\.\d+)?$/m);
  expect(metrics).toMatch(/^nodejs_eventloop_lag_seconds /m);
});
