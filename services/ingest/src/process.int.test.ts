import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nameOf } from "@fio/contracts";
import { creation } from "../../../test/support/events.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { serviceProcess } from "../../../test/support/service-process.ts";
import { hubSignature } from "../../../test/support/sign.ts";
import { until } from "../../../test/support/until.ts";
import { openTestQueue, startTestIngest, type TestQueue } from "./testing/start.ts";

let server: RedisServer;
let queue: TestQueue;
let dataDir: string;

beforeAll(async () => {
  server = await startRedis();
  queue = openTestQueue(server.url);
  dataDir = await mkdtemp(join(tmpdir(), "fio-ingest-"));
});
afterAll(async () => {
  await queue.close();
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
});

const json = { "content-type": "application/json" };

test("SIGTERM in mid-load: all that was answered 202 is queued, nothing is cut off, and it ends by itself", async () => {
  const ingest = await serviceProcess({ service: "ingest", dataDir, env: { REDIS_URL: server.url } });
  await ingest.start();
  const accepted: string[] = [];
  const broken: unknown[] = [];
  let open = true;
  const sender = async (): Promise<void> => {
    while (open) {
      const event = creation();
      try {
        const { status } = await fetch(`${ingest.url}/webhook/`, {
          method: "POST",
          headers: json,
          body: JSON.stringify(event),
        });
        if (status === 202) accepted.push(event.data["id"]!);
        else broken.push(status);
      } catch (error) {
        // It no longer listens, or closed the connection between two requests.
        const { code } = (error as { cause?: { code?: string } }).cause ?? {};
        if (code === "ECONNREFUSED") return;
        if (code !== "UND_ERR_SOCKET" && code !== "ECONNRESET") broken.push(code);
      }
    }
  };
  const senders = Promise.all(Array.from({ length: 20 }, sender));
  await until(() => accepted.length > 200, { what: "events come in" });
  expect(await ingest.stop()).toBe(0);
  open = false;
  await senders;
  expect(broken).toEqual([]);
  const queued = new Set((await queue.events()).map(({ event }) => nameOf(event)));
  expect(accepted.filter((id) => !queued.has(id))).toEqual([]);
  expect(await ingest.log()).not.toContain("Olá");
});

test.each<[string, (redis: RedisServer) => Promise<void> | void]>([
  ["away", (redis) => redis.kill()],
  ["paused", (redis) => redis.pause()],
])("SIGTERM while Redis is %s ends it all the same", async (_how, harm) => {
  const other = await startRedis();
  const ingest = await serviceProcess({ service: "ingest", dataDir, env: { REDIS_URL: other.url } });
  await ingest.start();
  await harm(other);
  const posted = fetch(`${ingest.url}/webhook/`, {
    method: "POST",
    headers: json,
    body: JSON.stringify(creation()),
  });
  expect((await posted).status).toBe(503);
  expect(await ingest.stop()).toBe(0);
  await other.remove();
});

test("production without a secret does not start, and says what to do in one line", async () => {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main], {
    env: { NODE_ENV: "production", REDIS_URL: server.url, INGEST_PORT: "0" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code).toBe(1);
  expect(told).toMatch(/^WEBHOOK_SECRETS: [^\n]+\n$/);
});

test("with a secret only what it signed is taken, byte for byte", async () => {
  const ingest = await startTestIngest({
    redisUrl: server.url,
    env: { NODE_ENV: "production", WEBHOOK_SECRETS: "the old one of the two, the new one of the two" },
  });
  const body = ` ${JSON.stringify(creation(), null, 3)}\n`;
  const signed = (secret: string) => hubSignature(body, secret);
  for (const secret of ["the old one of the two", "the new one of the two"]) {
    expect((await ingest.post(body, { headers: signed(secret) })).status).toBe(202);
  }
  for (const headers of [{}, signed("another")]) {
    const answer = await ingest.post(body, { headers });
    expect([answer.status, answer.body.code]).toEqual([401, "SIGNATURE_INVALID"]);
    expect(answer.headers.get("www-authenticate")).not.toBeNull();
  }
  expect((await ingest.post(`${body} `, { headers: signed("the new one of the two") })).status).toBe(401);
  expect((await ingest.post("not json", { headers: signed("the new one of the two") })).body.code).toBe(
    "SIGNATURE_INVALID",
  );
  await ingest.stop();
});
