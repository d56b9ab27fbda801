import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { QUEUE_NAME, REDIS_PREFIX, outcomeChannel, type Job, type Reply } from "@fio/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { creation } from "../../../test/support/events.ts";
import { startFailoverRedis, type FailoverRedis } from "../../../test/support/failover.ts";
import { startRedis } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { openTestQueue, startTestIngest, type TestIngest } from "./testing/start.ts";

let redis: FailoverRedis;
let ingest: TestIngest;
beforeEach(async () => {
  redis = await startFailoverRedis();
  ingest = await startTestIngest({ redisUrl: redis.url });
});
afterEach(async () => {
  await ingest.stop();
  await redis.remove();
});

test("ingest follows a failover within 10 s by itself, though its connections stay open, and is not ready meanwhile", async () => {
  expect((await ingest.post(creation())).status).toBe(202);
  await redis.caughtUp();
  await redis.failOver();
  const started = performance.now();
  await until(async () => !(await ingest.ready()), { what: "it says that it is not ready", everyMs: 20 });
  await until(() => ingest.ready(), { what: "it is ready again" });
  expect((await ingest.post(creation())).status).toBe(202);
  expect(performance.now() - started).toBeLessThan(10_000);
  const queue = openTestQueue(redis.primary().url);
  expect(await queue.events()).toHaveLength(2);
  await queue.close();
});

/** Tells that each event is applied, as a worker does, on one server. */
function startTeller(url: string): { stop: () => Promise<void> } {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const publisher = new Redis(url);
  const worker = new Worker<Job>(
    QUEUE_NAME,
    async ({ data }) => {
      for (const { receipt, reply = "" } of data.events) {
        const replies: Reply[] = [{ receipt, outcome: { kind: "applied" } }];
        await publisher.publish(outcomeChannel(reply), JSON.stringify(replies));
      }
    },
    { connection, prefix: REDIS_PREFIX },
  );
  worker.on("error", () => {});
  return {
    stop: async () => {
      await worker.close(true);
      connection.disconnect();
      publisher.disconnect();
    },
  };
}

test("outcomes are heard again within 10 s of silence, and of a failover", async () => {
  const heard = (): Promise<unknown> =>
    until(async () => (await ingest.post(creation(), { headers: { prefer: "wait=1" } })).status === 201, {
      what: "an outcome is heard",
    });
  const before = startTeller(redis.primary().url);
  await heard();
  redis.address.hangOpen();
  const silentAt = performance.now();
  await heard();
  expect(performance.now() - silentAt).toBeLessThan(10_000);
  await before.stop();

  await redis.failOver();
  const failedOverAt = performance.now();
  const after = startTeller(redis.primary().url);
  await heard();
  expect(performance.now() - failedOverAt).toBeLessThan(10_000);
  await after.stop();
}, 60_000);

test("a Redis that reads but takes no writes is not ready, and one that is full is", async () => {
  const server = await startRedis();
  const queue = openTestQueue(server.url);
  const other = await startTestIngest({ redisUrl: server.url });
  // A primary that lacks its replicas: the way to a Redis that refuses each write.
  await queue.redis.config("SET", "min-replicas-to-write", "1");
  await until(async () => !(await other.ready()), { what: "it says that it is not ready" });
  const refused = await other.post(creation());
  expect([refused.status, refused.body.code]).toEqual([503, "QUEUE_UNAVAILABLE"]);
  await queue.redis.config("SET", "min-replicas-to-write", "0");
  await until(() => other.ready(), { what: "it is ready again", limitMs: 10_000 });

  await queue.redis.config("SET", "maxmemory", "1mb");
  const full = await until(
    async () => {
      const answer = await other.post(creation());
      return answer.body.code === "BACKLOG_FULL" ? answer : null;
    },
    { what: "it is full" },
  );
  expect(full.status).toBe(503);
  expect(await other.ready()).toBe(true);
  await other.stop();
  await queue.close();
  await server.remove();
});
