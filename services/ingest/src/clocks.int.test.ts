import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { creation, message } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { openTestQueue, startTestIngest, type TestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let queue: TestQueue;
let ingest: TestIngest;
beforeAll(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  ingest = await startTestIngest({ redisUrl: server.url });
});
beforeEach(() => queue.empty());
afterAll(async () => {
  await ingest.stop();
  await queue.close();
  await server.remove();
});

const ahead = (seconds: number): string =>
  `${new Date(Date.now() + seconds * 1_000).toISOString().slice(0, -1)}308`;
const counted = async (): Promise<number> =>
  Number(/^fio_ingest_clock_ahead_total (\d+)/m.exec(await ingest.metrics())?.[1]);

test.each([
  ["a minute", 60, false],
  ["310 s", 310, true],
  ["an hour", 3_600, true],
  ["9 hours", 9 * 3_600, true],
  ["23 hours 59 minutes", 24 * 3_600 - 60, true],
])("a message %s ahead of our clock is taken, and kept as it was sent", async (_name, seconds, told) => {
  const before = await counted();
  const timestamp = ahead(seconds);
  const answer = await ingest.post({ ...message(randomUUID()), timestamp });
  expect(answer.status).toBe(202);
  expect((await queue.events()).map(({ event }) => event.timestamp)).toEqual([`${timestamp}Z`]);
  expect((await counted()) - before).toBe(told ? 1 : 0);
});

test.each([
  ["2025-02-21T10:20:41.3493081", "2025-02-21T10:20:41.349308Z", ".NET"],
  ["2025-02-21T10:20:41.349308999Z", "2025-02-21T10:20:41.349308Z", "Java"],
  ["2025-02-21T07:20:41.349308123-03:00", "2025-02-21T10:20:41.349308Z", "Go"],
])("a timestamp of %s is taken as %s, as %s writes it", async (sent, taken) => {
  expect((await ingest.post({ ...creation(randomUUID()), timestamp: sent })).status).toBe(202);
  expect((await queue.events()).map(({ event }) => event.timestamp)).toEqual([taken]);
});

test("the webhook ignores a query, which a sender's gateway may add", async () => {
  const answer = await ingest.post(creation(randomUUID()), { path: "/webhook/?source=gateway&x" });
  expect(answer.status).toBe(202);
});

test("of an array with one event more than 24 hours ahead nothing is taken, and its place is named", async () => {
  const conversation = randomUUID();
  const late = { ...message(conversation), timestamp: ahead(24 * 3_600 + 60) };
  const answer = await ingest.post([creation(conversation), late]);
  expect(answer).toMatchObject({
    status: 400,
    body: {
      code: "INVALID_EVENT",
      errors: [{ path: "[1].timestamp", message: "must be at most 24 hours ahead of the server's clock" }],
    },
  });
  expect(await queue.events()).toEqual([]);
});
