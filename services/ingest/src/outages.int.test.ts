import { afterEach, beforeEach, expect, test } from "vitest";
import { nameOf } from "@fio/contracts";
import { creation } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import {
  openTestQueue,
  startTestIngest,
  type Answer,
  type TestIngest,
  type TestQueue,
} from "./testing/start.ts";

let server: RedisServer;
let queue: TestQueue;
let ingest: TestIngest;

beforeEach(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  ingest = await startTestIngest({ redisUrl: server.url });
});
afterEach(async () => {
  server.resume();
  await ingest.stop();
  await queue.close();
  await server.remove();
});

/** Posts without a break from several connections until it is told to stop; gives what was answered. */
function keepPosting(senders = 20): { stop: () => Promise<Map<string, Answer>> } {
  const answers = new Map<string, Answer>();
  let stopped = false;
  const sender = async (): Promise<void> => {
    while (!stopped) {
      const event = creation();
      answers.set(event.data["id"]!, await ingest.post(event));
    }
  };
  const all = Promise.all(Array.from({ length: senders }, sender));
  return {
    stop: async () => {
      stopped = true;
      await all;
      return answers;
    },
  };
}

const refusedInTime = ({ status, headers, body, ms }: Answer): void => {
  expect([status, body.code]).toEqual([503, "QUEUE_UNAVAILABLE"]);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect(ms).toBeLessThan(3_000);
};
const refusing = () =>
  until(async () => !(await ingest.ready()), { what: "ingest says that it is not ready" });
const well = async (): Promise<void> => {
  await until(() => ingest.ready(), { what: "ingest is ready again", limitMs: 10_000 });
  expect((await ingest.post(creation())).status).toBe(202);
};
const inQueue = async (): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  for (const { event } of await queue.events()) {
    counts.set(nameOf(event), (counts.get(nameOf(event)) ?? 0) + 1);
  }
  return counts;
};

test("without Redis ingest starts, refuses, says that it is not ready, and becomes well by itself", async () => {
  await server.kill();
  const lonely = await startTestIngest({ redisUrl: server.url, ready: false });
  const before = await lonely.post(creation());
  refusedInTime(before);
  expect(await lonely.ready()).toBe(false);
  await server.start();
  await until(() => lonely.ready(), { what: "ingest is ready", limitMs: 10_000 });
  expect((await lonely.post(creation())).status).toBe(202);
  await lonely.stop();
});

test("Redis killed in mid-load: 503 in time, well again by itself, and all that was accepted is there once", async () => {
  const posting = keepPosting();
  await until(async () => (await inQueue()).size > 200, { what: "events come in" });
  await server.kill();
  await refusing();
  await server.start();
  await well();
  const answers = await posting.stop();
  const accepted = [...answers].filter(([, { status }]) => status === 202);
  const refused = [...answers.values()].filter(({ status }) => status !== 202);
  expect(refused.length).toBeGreaterThan(0);
  refused.forEach(refusedInTime);
  const found = await inQueue();
  expect(accepted.filter(([id]) => found.get(id) !== 1)).toEqual([]);
});

test("Redis paused in mid-load: every sender knows within 3 s, and all is well when it goes on", async () => {
  const posting = keepPosting();
  await until(async () => (await inQueue()).size > 200, { what: "events come in" });
  server.pause();
  await refusing();
  // Refused at once by now, instead of each waiting for its own time-out.
  const later = await ingest.post(creation());
  refusedInTime(later);
  expect(later.ms).toBeLessThan(1_000);
  server.resume();
  await well();
  const answers = await posting.stop();
  const refused = [...answers.values()].filter(({ status }) => status !== 202);
  expect(refused.length).toBeGreaterThan(0);
  refused.forEach(refusedInTime);
  const found = await inQueue();
  for (const [id, { status }] of answers) if (status === 202) expect(found.get(id)).toBe(1);
});

test("the first request on a Redis that has just been paused is answered in time", async () => {
  server.pause();
  refusedInTime(await ingest.post(creation()));
});

test("requests that come one after another into an outage are answered in time too, though they wait for each other", async () => {
  server.pause();
  const answers: Array<Promise<Answer>> = [];
  await until(
    async () => {
      answers.push(ingest.post(creation()));
      return !(await ingest.ready());
    },
    { what: "ingest says that it is not ready", everyMs: 100 },
  );
  expect(answers.length).toBeGreaterThan(5);
  (await Promise.all(answers)).forEach(refusedInTime);
});

test("connections that are cut come back by themselves", async () => {
  await queue.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await queue.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await until(async () => (await ingest.post(creation())).status === 202, {
    what: "events are taken again",
    limitMs: 10_000,
  });
  await until(() => ingest.ready(), { what: "ingest is ready again", limitMs: 10_000 });
});

const answers = (wanted: (answer: Answer) => boolean, what: string): Promise<Answer> =>
  until(
    async () => {
      const answer = await ingest.post(creation());
      return wanted(answer) ? answer : null;
    },
    { what, limitMs: 10_000 },
  );
const full = () => answers(({ body }) => body.code === "BACKLOG_FULL", "ingest says that Redis is full");
const taking = () => answers(({ status }) => status === 202, "ingest takes events");

test("a Redis that is full refuses in time, and takes events again when there is room", async () => {
  await queue.redis.config("SET", "maxmemory", "1mb");
  const answer = await ingest.post(creation());
  expect(answer.status).toBe(503);
  expect(answer.ms).toBeLessThan(3_000);
  await full();
  expect(await ingest.ready()).toBe(true);
  await queue.redis.config("SET", "maxmemory", "512mb");
  await taking();
});

test("from 80 % of maxmemory on events are refused, while workers still have room to write", async () => {
  // Enough that buffers of connections, which come and go, are nothing beside it.
  await queue.redis.setrange("filling", 32 * 1024 * 1024, "x");
  const info = await queue.redis.info("memory");
  const used = Number(/^used_memory:(\d+)/m.exec(info)![1]);
  await queue.redis.config("SET", "maxmemory", Math.round(used / 0.85));
  const { status, headers } = await full();
  expect(status).toBe(503);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await queue.redis.set("a worker's key", "x")).toBe("OK");
  await queue.redis.config("SET", "maxmemory", "512mb");
  await taking();
});
