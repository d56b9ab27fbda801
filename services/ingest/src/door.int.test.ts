import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hubSignature } from "../../../test/support/sign.ts";
import { creation, message } from "../../../test/support/events.ts";
import { pacedSender } from "../../../test/support/paced-sender.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { stalledSenders } from "../../../test/support/stalled-senders.ts";
import { until } from "../../../test/support/until.ts";
import { startTestIngest, type TestIngest } from "./testing/start.ts";

/* `node bench/door.ts` shows the same for longer, with more ways to stall. */

const SECRET = "a secret of both sides";
const MIB = 1024 * 1024;
let server: RedisServer;
let ingest: TestIngest;

beforeAll(async () => {
  server = await startRedis();
  ingest = await startTestIngest({
    redisUrl: server.url,
    env: { WEBHOOK_SECRETS: SECRET, TRUSTED_PROXIES: "127.0.0.1" },
  });
});
afterAll(async () => {
  await ingest.stop();
  await server.remove();
});

const one = ["127.0.0.2"];
const fifty = Array.from({ length: 50 }, (_, index) => `127.0.1.${index + 1}`);
const wrong = () => ({
  "webhook-id": randomUUID(),
  "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
  "webhook-signature": `v1,${Buffer.alloc(32, 7).toString("base64")}`,
});
const forwarded = (index: number) => ({ ...wrong(), "x-forwarded-for": `10.0.0.1, 203.0.113.${index % 50}` });
const signed = (body: string) => ({ body, headers: hubSignature(body, SECRET) });
const conversation = randomUUID();
const array = JSON.stringify(
  Array.from({ length: 100 }, () => message(conversation, { content: "x".repeat(4_800) })),
);

test.each([
  ["unsigned, from one address", { addresses: one, declared: MIB }],
  ["with wrong signatures, from one address", { addresses: one, declared: MIB, headers: wrong }],
  ["with wrong signatures, from 50 addresses", { addresses: fifty, declared: MIB, headers: wrong }],
  [
    "with wrong signatures, from 50 addresses behind a proxy",
    { addresses: ["127.0.0.1"], declared: MIB, headers: forwarded },
  ],
  ["with wrong signatures, of small bodies", { addresses: fifty, declared: 512, headers: wrong }],
])(
  "128 connections that stall (%s) keep nobody out who signs",
  async (_name, stalling) => {
    const stalled = stalledSenders({
      url: ingest.url,
      connections: 128,
      sent: stalling.declared - 1,
      ...stalling,
    });
    await until(() => stalled.open() === 128, { what: "all are connected" });
    const signal = AbortSignal.timeout(4_000);
    const [events, arrays] = await Promise.all([
      pacedSender({
        url: ingest.url,
        everyMs: 50,
        signal,
        make: () => signed(JSON.stringify(message(conversation))),
      }),
      pacedSender({ url: ingest.url, everyMs: 250, signal, make: () => signed(array) }),
    ]);
    stalled.stop();
    expect(events.statuses).toEqual({ 202: events.accepted });
    expect(events.accepted).toBeGreaterThan(10);
    expect(arrays.refused).toBeLessThanOrEqual(0.05 * (arrays.accepted + arrays.refused));
  },
  60_000,
);

/** Posts the head and the beginning of a body; what comes back until the connection ends, and after how long. */
function post(headers: Record<string, string>, { declared, sent }: { declared: number; sent: number }) {
  const { hostname, port } = new URL(ingest.url);
  return new Promise<{ text: string; ms: number }>((resolve) => {
    const started = performance.now();
    let text = "";
    const socket = connect(Number(port), hostname, () => {
      const all = { host: "a", "content-type": "application/json", "content-length": declared, ...headers };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST /webhook/ HTTP/1.1\r\n${lines.join("")}\r\n${"x".repeat(sent)}`);
    });
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => {});
    socket.on("close", () => resolve({ text, ms: performance.now() - started }));
  });
}

test("without signature headers nothing of the body is waited for, and its connection does not stay", async () => {
  const { text, ms } = await post({}, { declared: MIB, sent: 0 });
  expect(text).toMatch(/^HTTP\/1\.1 401 /);
  expect(ms).toBeLessThan(15_000);
});

test("a body that stalls is answered 503 and its connection ended, whatever was signed", async () => {
  const { text, ms } = await post(wrong(), { declared: 1_000, sent: 900 });
  expect(text).toMatch(/^HTTP\/1\.1 503 /);
  expect(text).toMatch(/^Retry-After: 2\r$/m);
  expect(text).toContain("TOO_SLOW");
  expect(ms).toBeGreaterThan(4_500);
  expect(ms).toBeLessThan(25_000);
}, 40_000);

test("a header that speaks for another address counts only from a trusted proxy", async () => {
  const refusing = await startTestIngest({ redisUrl: server.url, env: { WEBHOOK_SECRETS: SECRET } });
  const stalled = stalledSenders({
    ...{ url: refusing.url, connections: 2_010, addresses: ["127.0.0.1"], declared: 100, sent: 1 },
    headers: (index) => ({ ...wrong(), "x-forwarded-for": `203.0.113.${index % 250}` }),
  });
  // All of them are one client, which may have 2,000 unfinished bodies.
  const refused = async () =>
    /^fio_ingest_refused_total\{code="TOO_MANY_BODIES"\} [1-9]/m.test(await refusing.metrics());
  await until(refused, { what: "too many of one address are refused" });
  stalled.stop();
  await refusing.stop();
}, 60_000);

test("when the room was needed by others it is all given back", async () => {
  const body = JSON.stringify(creation());
  await until(async () => (await ingest.post(body, { headers: hubSignature(body, SECRET) })).status === 202, {
    what: "ingest takes events",
  });
});
