import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import { startFailoverRedis, type FailoverRedis } from "../../../../test/support/failover.ts";
import { until } from "../../../../test/support/until.ts";
import type { Store } from "../store/connect.ts";
import { holdingsOf, migratedStore, storyOf } from "../store/testing/fixture.ts";
import { createRig, type Rig } from "./testing/rig.ts";

/** An outage ends by itself so soon. */
const RECOVERY_MS = 10_000;

let redis: FailoverRedis;
let store: Store;
let removeStore: () => Promise<void>;
const rigs: Rig[] = [];
beforeEach(async () => {
  redis = await startFailoverRedis();
  ({ store, remove: removeStore } = await migratedStore(sqliteDatabase));
});
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
  await removeStore();
  await redis.remove();
});
const rigOn = async (url: string): Promise<Rig> => {
  const rig = await createRig(url);
  rigs.push(rig);
  return rig;
};
const isApplied = (id: string, count: number) =>
  until(async () => (await holdingsOf(store, [id])).applied.size === count, { what: `${count} are applied` });

test("a worker follows a failover within 10 s by itself, though its connections stay open", async () => {
  const before = await rigOn(redis.primary().url);
  const { worker } = before.start({ store, redisUrl: redis.url });
  const story = storyOf();
  await before.send(story.created(0));
  await isApplied(story.id, 1);
  await redis.caughtUp();
  await redis.failOver();
  const started = performance.now();
  const after = await rigOn(redis.primary().url);
  await after.send(story.message(1));
  await isApplied(story.id, 2);
  expect(performance.now() - started).toBeLessThan(RECOVERY_MS);
  await after.idle(RECOVERY_MS);
  await until(async () => (await worker.ready()) === null, { what: "it is ready", limitMs: RECOVERY_MS });
  // Outcomes are told there, too.
  const [message] = [story.message(2)];
  expect((await after.ask(message)).get(message.receipt)?.outcome).toEqual({ kind: "applied" });
});

test("a worker takes jobs again within 10 s after its connections fell silent, one that waits for jobs and one that has some", async () => {
  const rig = await rigOn(redis.primary().url);
  rig.start({ store, redisUrl: redis.url });
  const story = storyOf();
  await rig.send(story.created(0));
  await isApplied(story.id, 1);
  for (const busy of [false, true]) {
    const first = busy ? 2 : 1;
    if (busy) for (let sent = 100; sent < 200; sent += 1) await rig.send(storyOf().created(sent));
    redis.address.hangOpen();
    const started = performance.now();
    await rig.send(story.message(first));
    await isApplied(story.id, first + 1);
    expect(performance.now() - started).toBeLessThan(RECOVERY_MS);
    await rig.idle(20_000);
  }
});

test("a worker that starts while connections are taken and not answered begins when they are", async () => {
  redis.address.hang();
  const rig = await rigOn(redis.primary().url);
  rig.start({ store, redisUrl: redis.url });
  const story = storyOf();
  await rig.send(story.created(0));
  await until(() => redis.address.open() > 0, { what: "it tries" });
  redis.address.hangOpen();
  redis.address.passOn();
  const started = performance.now();
  await isApplied(story.id, 1);
  expect(performance.now() - started).toBeLessThan(RECOVERY_MS);
});
