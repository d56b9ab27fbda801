import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import { inboxKey } from "../keys.ts";
import { APP_SECRET, CHANNEL, postWebhook, received } from "../testing/meta.ts";
import { startTestWhatsapp, type TestWhatsapp } from "../testing/start.ts";

/* What Meta meets; nothing of Fio is behind it, so that what is taken stays where it is. */

const NOBODY = "http://127.0.0.1:1";
const TOKEN = "what Meta was told to send back";
const OLDER_SECRET = "the secret before it was changed";
let redis: RedisServer;
let whatsapp: TestWhatsapp;

beforeAll(async () => {
  redis = await startRedis();
  whatsapp = await startTestWhatsapp({
    redisUrl: redis.url,
    env: {
      WHATSAPP_APP_SECRETS: `${APP_SECRET},${OLDER_SECRET}`,
      WHATSAPP_VERIFY_TOKENS: TOKEN,
      ...{ INGEST_URL: NOBODY, API_URL: NOBODY, WHATSAPP_MAX_BYTES: "100000" },
    },
  });
});
afterAll(async () => {
  await whatsapp.stop();
  await redis.remove();
});

const verify = (query: Record<string, string>): Promise<Response> =>
  fetch(`${whatsapp.url}/whatsapp/meta?${new URLSearchParams(query).toString()}`);

test("Meta's verification gets its challenge back, and nobody else's does", async () => {
  const asked = { "hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444" };
  const answer = await verify(asked);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("1158201444");
  for (const wrong of [
    { ...asked, "hub.verify_token": "guessed" },
    { ...asked, "hub.mode": "unsubscribe" },
    { "hub.mode": "subscribe", "hub.verify_token": TOKEN },
    {},
  ]) {
    expect((await verify(wrong as Record<string, string>)).status).toBe(401);
  }
});

test("what one of our apps signed is taken, what nobody signed is not, and nothing of that is kept", async () => {
  const admin = new Redis(redis.url);
  const from = { phone: "5511955550001", name: "Ana" };
  const kept = () => admin.llen(inboxKey(`${CHANNEL} 5511955550001`));
  for (const secret of ["guessed by somebody", ""]) {
    expect((await postWebhook(whatsapp.url, received("1", { from }), { secret })).status).toBe(401);
  }
  const unsigned = await fetch(`${whatsapp.url}/whatsapp/meta`, { method: "POST", body: "{}" });
  expect(unsigned.status).toBe(401);
  expect(await kept()).toBe(0);
  for (const secret of [APP_SECRET, OLDER_SECRET]) {
    expect((await postWebhook(whatsapp.url, received("1", { from }), { secret })).status).toBe(200);
  }
  expect(await kept()).toBe(2);
  admin.disconnect();
});

test("other requests are problems", async () => {
  const status = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${whatsapp.url}${path}`, init)).status;
  expect(await status("/whatsapp/meta", { method: "PUT" })).toBe(405);
  // Without a secret nobody could be believed.
  expect(await status("/whatsapp/twilio", { method: "POST", body: "" })).toBe(404);
  expect((await postWebhook(whatsapp.url, received("1", { text: "x".repeat(100_000) }))).status).toBe(413);
  expect((await postWebhook(whatsapp.url, ["no object"])).status).toBe(400);
});

test("what was taken survives Redis and is taken again after it is back; meanwhile Meta is told to come again", async () => {
  const from = { phone: "5511955550002", name: "Bia" };
  expect((await postWebhook(whatsapp.url, received("before", { from }))).status).toBe(200);
  await redis.kill();
  await until(async () => (await postWebhook(whatsapp.url, received("meanwhile", { from }))).status === 503, {
    what: "it is refused",
  });
  await redis.start();
  await until(async () => (await postWebhook(whatsapp.url, received("after", { from }))).status === 200, {
    what: "it is taken",
  });
  const admin = new Redis(redis.url);
  const kept = await admin.lrange(inboxKey(`${CHANNEL} 5511955550002`), 0, -1);
  admin.disconnect();
  expect(kept[0]).toContain("wamid.before");
  expect(kept.at(-1)).toContain("wamid.after");
});
