import { afterEach, beforeEach, expect, test } from "vitest";
import { Redis } from "ioredis";
import { creation } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { openTestQueue, startTestIngest, type TestIngest } from "./testing/start.ts";

let primary: RedisServer;
let replica: RedisServer;
let ingest: TestIngest;

beforeEach(async () => {
  primary = await startRedis();
  replica = await startRedis({ args: ["--replicaof", "127.0.0.1", new URL(primary.url).port] });
  ingest = await startTestIngest({ redisUrl: primary.url, env: { REDIS_ACK_REPLICAS: "1" } });
  await until(async () => (await ingest.post(creation())).status === 202, {
    what: "the replica has caught up",
  });
});
afterEach(async () => {
  replica.resume();
  await ingest.stop();
  await replica.remove();
  await primary.remove();
});

test("what was answered 2xx is on the replica, and survives the loss of the primary", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => ingest.post(creation())));
  await primary.kill();
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  const left = openTestQueue(replica.url);
  const found = new Set((await left.events()).map(({ receipt }) => receipt as string));
  expect(answers.filter(({ body }) => !found.has(body.receipt!))).toEqual([]);
  await left.close();
});

test("a replica that does not answer is a 503 within 3 s, and a 202 again when it does", async () => {
  replica.pause();
  const answers = await Promise.all(Array.from({ length: 30 }, () => ingest.post(creation())));
  for (const { status, headers, body, ms } of answers) {
    expect([status, body.code]).toEqual([503, "QUEUE_UNAVAILABLE"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(ms).toBeLessThan(3_000);
  }
  replica.resume();
  await until(async () => (await ingest.post(creation())).status === 202, {
    what: "events are accepted again",
    limitMs: 10_000,
  });
});

test("without any replica nothing is accepted, and metrics and readiness still answer at once", async () => {
  const client = new Redis(replica.url);
  await client.call("REPLICAOF", "NO", "ONE");
  const posting = ingest.post(creation());
  const started = performance.now();
  expect(await ingest.metrics()).toMatch(/^fio_queue_reachable 1$/m);
  expect(performance.now() - started).toBeLessThan(900);
  expect((await posting).status).toBe(503);
  await until(async () => !(await ingest.ready()), { what: "readiness says so" });
  client.disconnect();
});
