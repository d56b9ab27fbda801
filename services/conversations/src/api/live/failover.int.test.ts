import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteDatabase } from "../../../../../test/support/databases.ts";
import { startFailoverRedis, type FailoverRedis } from "../../../../../test/support/failover.ts";
import { until } from "../../../../../test/support/until.ts";
import type { Store } from "../../store/connect.ts";
import { migratedStore } from "../../store/testing/fixture.ts";
import { spoken } from "../testing/changes.ts";
import { startApi, type Api } from "../testing/start-api.ts";
import { followStream, type StreamClient } from "../testing/stream-client.ts";
import { versionOf } from "../testing/stream-rig.ts";

const RECOVERY_MS = 10_000;
const id = randomUUID();

let redis: FailoverRedis;
let api: Api;
let clients: StreamClient[];
let store: Store;
let removeStore: () => Promise<void>;
beforeEach(async () => {
  redis = await startFailoverRedis();
  ({ store, remove: removeStore } = await migratedStore(sqliteDatabase));
  api = await startApi({ store, redisUrl: redis.url, limits: { flushMs: 20 } });
  clients = [];
});
afterEach(async () => {
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
const heard = async (version: number, client: StreamClient): Promise<void> => {
  const announced = () =>
    api.announce(...spoken(id, version)).then(
      () => true,
      () => false,
    );
  await until(announced, { what: "it is announced" });
  await until(() => client.of("message").map(versionOf).includes(version), { what: `${version} is heard` });
};

test("the live stream follows a failover, and who may have missed something is told to load a snapshot", async () => {
  const client = await follow();
  await client.has("ready");
  await heard(1, client);
  await redis.caughtUp();
  const left = client.lastId();
  await redis.separate();
  // Heard by this api, and lost by the failover: another api may never hear it.
  await heard(2, client);
  await redis.failOver();
  const started = performance.now();
  await client.has("reset");
  await heard(3, client);
  expect(performance.now() - started).toBeLessThan(RECOVERY_MS);
  expect(client.of("message").map(versionOf)).toEqual([1, 2, 3]);
  // The old primary goes, and nothing was heard from it.
  await redis.replica().kill();
  await heard(4, client);
  // Its place is in the new stream, and what came after it is not.
  const back = await follow({ lastEventId: left ?? "" });
  await back.has("reset");
});

test("the live stream goes on within 10 s after its connections fell silent, and nobody misses anything", async () => {
  const client = await follow();
  await client.has("ready");
  await heard(1, client);
  redis.address.hangOpen();
  const started = performance.now();
  await client.has("stalled");
  await heard(2, client);
  expect(performance.now() - started).toBeLessThan(RECOVERY_MS);
  expect(client.of("message").map(versionOf)).toEqual([1, 2]);
  expect(client.of("reset")).toEqual([]);
});
