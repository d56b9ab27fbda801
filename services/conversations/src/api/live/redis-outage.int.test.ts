import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { POSITION_HEADER } from "@fio/contracts";
import { startRedis, type RedisServer } from "../../../../../test/support/redis-server.ts";
import { sqliteDatabase } from "../../../../../test/support/databases.ts";
import { until } from "../../../../../test/support/until.ts";
import { keepInternalError } from "../../store/apply.ts";
import type { Store } from "../../store/connect.ts";
import { SIDE_WRITES, apply, migratedStore, storyOf } from "../../store/testing/fixture.ts";
import { spoken } from "../testing/changes.ts";
import { startApi, type Api } from "../testing/start-api.ts";
import { followStream, type StreamClient } from "../testing/stream-client.ts";
import { versionOf } from "../testing/stream-rig.ts";

const id = randomUUID();
let redis: RedisServer;
let api: Api;
let clients: StreamClient[];
let store: Store;
let removeStore: () => Promise<void>;
beforeEach(async () => {
  redis = await startRedis();
  ({ store, remove: removeStore } = await migratedStore(sqliteDatabase));
  api = await startApi({ store, redisUrl: redis.url, limits: { flushMs: 20 } });
  clients = [];
});
afterEach(async () => {
  redis.resume();
  for (const client of clients) client.close();
  await api.close();
  await removeStore();
  await redis.remove();
});
const follow = async (options: { lastEventId?: string } = {}): Promise<StreamClient> => {
  const client = await followStream(api.url, { conversations: [id], ...options });
  clients.push(client);
  return client;
};
const admin = async (work: (connection: Redis) => Promise<unknown>): Promise<void> => {
  const connection = new Redis(`${redis.url}/9`);
  try {
    await work(connection);
  } finally {
    connection.disconnect();
  }
};

test("a client stays through a Redis that is killed, is told so, and misses nothing", async () => {
  const client = await follow();
  await client.has("ready");
  await api.announce(...spoken(id, 1));
  await client.has("message");
  await redis.kill();
  await client.has("stalled");
  // While Redis is away, what was read at last still is a position without a gap.
  expect((await api.get("/conversations/")).headers.get(POSITION_HEADER)).toBe(client.lastId());
  await redis.start();
  await api.announce(...spoken(id, 2));
  await client.has("ready", 2);
  expect((await client.has("message", 2)).map(versionOf)).toEqual([1, 2]);
  expect(client.of("reset")).toEqual([]);
  expect(client.ended()).toBe(false);
});

test("a client is told within seconds that Redis hangs, and is live again once it does not", async () => {
  const client = await follow();
  await client.has("ready");
  redis.pause();
  const from = performance.now();
  await client.has("stalled");
  expect(performance.now() - from).toBeLessThan(6_000);
  const late = await follow();
  await late.has("stalled");
  expect(await api.metric("fio_stream_feed_up")).toBe(0);
  redis.resume();
  await Promise.all([client.has("ready", 2), late.has("ready")]);
  expect(await api.metric("fio_stream_feed_up")).toBe(1);
  await api.announce(...spoken(id, 1));
  await Promise.all([client.has("message"), late.has("message")]);
});

test("a replay while Redis is away is a 503 that names the queue, and changes nothing", async () => {
  const story = storyOf();
  await apply(store, story.created(1));
  const broken = story.message(2);
  await keepInternalError(store, { ...SIDE_WRITES, accepted: broken, detail: "out of luck" });
  const path = `/rejections/${broken.receipt}/replay`;
  for (const [fail, mend] of [
    [redis.kill, redis.start],
    [redis.pause, redis.resume],
  ] as const) {
    await fail();
    const refused = await api.post(path);
    expect(refused).toMatchObject({ status: 503, body: { code: "QUEUE_UNAVAILABLE" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await mend();
    await until(async () => (await api.post(path)).status === 202, { what: "it is replayed" });
  }
  expect((await api.get(`/rejections?conversation=${story.id}`)).body).toHaveLength(1);
});

test("connections that are cut over and over lose nothing", async () => {
  const client = await follow();
  await client.has("ready");
  for (let version = 1; version <= 40; version += 1) {
    await api.announce(...spoken(id, version));
    if (version % 10 === 5) await admin((connection) => connection.call("CLIENT", "KILL", "TYPE", "normal"));
  }
  const versions = (await client.has("message", 40)).map(versionOf);
  expect(versions).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(client.of("reset")).toEqual([]);
});

test("after Redis has lost the stream everyone is told to load a snapshot", async () => {
  const client = await follow();
  await client.has("ready");
  await api.announce(...spoken(id, 1));
  await client.has("conversation");
  await admin(async (connection) => connection.flushall());
  await redis.kill();
  await redis.start();
  await client.has("reset");
  await api.announce(...spoken(id, 2));
  await client.has("message", 2);
  const back = await follow({ lastEventId: "9999999999999-0" });
  await back.has("reset");
});

test("an api that starts while Redis is away answers snapshots and waits for its stream", async () => {
  await api.close();
  await redis.kill();
  const alone = await startApi({ store, redisUrl: redis.url });
  try {
    const answer = await alone.get("/conversations/");
    expect([answer.status, answer.headers.get(POSITION_HEADER)]).toEqual([200, null]);
    const client = await followStream(alone.url);
    clients.push(client);
    await client.has("stalled");
    await redis.start();
    await client.has("ready");
    await until(() => alone.live.position(), { what: "the stream is read" });
    expect((await alone.get("/conversations/")).headers.get(POSITION_HEADER)).toBe(alone.live.position());
  } finally {
    await alone.close();
  }
});
