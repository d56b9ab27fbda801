import { Queue } from "bullmq";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { createLog } from "./log.ts";
import { QueueWorker } from "./queue-worker.ts";
import { connectRedis, patient } from "./redis.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.remove());

test("a worker waits for a job that is due much later without its connection passing for dead", async () => {
  const lines: string[] = [];
  const log = createLog({ service: "test", level: "warn", to: { write: (line) => lines.push(line) } });
  const redis = connectRedis({ url: server.url, options: patient, log, name: "test" });
  const queue = new Queue("later", { connection: redis });
  await queue.add("later", {}, { delay: 60_000 });
  const worker = new QueueWorker("later", () => Promise.resolve(), { connection: redis });
  worker.on("error", () => {});
  await sleep(7_500);
  await worker.close();
  redis.disconnect();
  expect(lines).toEqual([]);
}, 20_000);
