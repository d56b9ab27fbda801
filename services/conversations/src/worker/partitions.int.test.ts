import { afterEach, beforeEach, expect, test } from "vitest";
import { readPartitionsUsed } from "@fio/service/layout";
import { openEventQueue, readQueue } from "@fio/service/queue";
import { settleLayout } from "@fio/service/settle-layout";
import type { JobEvent } from "@fio/contracts";
import { sqliteDatabase } from "../../../../test/support/databases.ts";
import { startRedis, type RedisServer } from "../../../../test/support/redis-server.ts";
import { until } from "../../../../test/support/until.ts";
import type { Store } from "../store/connect.ts";
import { holdingsOf, migratedStore, storyOf } from "../store/testing/fixture.ts";
import { createRig, type Rig } from "./testing/rig.ts";

let server: RedisServer;
let store: Store;
let remove: () => Promise<void>;
let rig: Rig;
beforeEach(async () => {
  server = await startRedis();
  ({ store, remove } = await migratedStore(sqliteDatabase));
  rig = await createRig(server.url);
});
afterEach(async () => {
  await rig.close();
  await remove();
  await server.remove();
});

const divideInto = (wish: number) =>
  settleLayout({ at: () => rig.redis, confirmed: () => Promise.resolve(), wish, known: null });
const sendTo = async (partition: number, ...events: JobEvent[]): Promise<void> => {
  await openEventQueue(rig.redis, partition).add("events", { v: 1, events });
};
const appliedOf = async (id: string): Promise<number> => (await holdingsOf(store, [id])).applied.size;
const areApplied = (id: string, count: number): Promise<unknown> =>
  until(async () => (await appliedOf(id)) === count, { what: `${count} events are applied` });

test("one worker takes from all partitions, and from new ones once there are some", async () => {
  const { worker } = rig.start({ store });
  const [before, after] = [storyOf(), storyOf()];
  await sendTo(0, before.created(1), before.message(2));
  await areApplied(before.id, 2);
  await divideInto(3);
  await sendTo(1, after.created(1));
  await sendTo(2, after.message(2));
  await sendTo(0, after.message(3));
  await areApplied(after.id, 3);
  expect(await worker.ready()).toBeNull();
});

test("partitions beyond a smaller number are worked off beside the others, and then forgotten", async () => {
  await divideInto(4);
  const { id, created, message } = storyOf();
  for (const [partition, event] of [created(1), message(2), message(3), message(4)].entries()) {
    await sendTo(partition, event);
  }
  await divideInto(2);
  expect(await readPartitionsUsed(rig.redis)).toBe(4);
  rig.start({ store });
  await areApplied(id, 4);
  await until(async () => (await readPartitionsUsed(rig.redis)) === 2, { what: "two are used" });
});

test("workers with partitions of their own take from no other, and together from all", async () => {
  await divideInto(3);
  rig.start({ store, only: [0, 2] });
  const { id, created, message } = storyOf();
  await sendTo(1, message(2));
  await sendTo(2, created(1));
  await areApplied(id, 1);
  expect((await readQueue(rig.redis, 1)).jobs.waiting).toBe(1);
  rig.start({ store, only: [1] });
  await areApplied(id, 2);
});
