import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { createLog } from "./log.ts";
import { connectRedis, impatient, whenReady } from "./redis.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.remove());

function logged() {
  const lines: string[] = [];
  const log = createLog({ service: "test", level: "info", to: { write: (line) => lines.push(line) } });
  return { log, lines };
}

test("what Redis refuses is logged without what it was asked to keep", async () => {
  const { log, lines } = logged();
  const redis = connectRedis({ url: server.url, options: impatient, log, name: "test" });
  await whenReady(redis, 10_000);
  await redis.set("text", "text");
  const error = await redis.lpush("text", "words of a customer").catch((refused: unknown) => refused);
  redis.disconnect();
  log.warn({ err: error }, "refused");
  log.warn({ err: new Error("a step failed", { cause: error }) }, "refused");
  log.warn({ err: new AggregateError([error], "several") }, "refused");
  expect(lines.join("")).toContain("WRONGTYPE");
  expect(lines.join("")).not.toContain("words of a customer");
});

test("a wrong password of Redis is not in the log", async () => {
  const { log, lines } = logged();
  const url = server.url.replace("//", "//:hunter2@");
  const redis = connectRedis({ url, options: impatient, log, name: "test" });
  const admin = connectRedis({ url: server.url, options: impatient, log, name: "admin" });
  await whenReady(admin, 10_000);
  await admin.config("SET", "requirepass", "another");
  redis.disconnect(true);
  await until(() => lines.some((line) => line.includes("WRONGPASS")), { what: "Redis refuses the password" });
  redis.disconnect();
  admin.disconnect();
  expect(lines.join("")).not.toContain("hunter2");
});
