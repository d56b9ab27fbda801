import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHANGES_KEY, keysOf, nameOf } from "@fio/contracts";
import { isFresh, openEventQueue, readQueue, type EventQueue } from "@fio/service/queue";
import { clientOf, type Client } from "../support/client.ts";
import { creation, message } from "../support/events.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

let system: System;
let fio: Client;
let redis: Redis;
let queue: EventQueue;

beforeAll(async () => {
  system = await startSystem({ roles: ["api", "worker"], env: { WAIT_GRACE_SECONDS: "1" } });
  fio = clientOf(system);
  redis = new Redis(system.redis.url);
  queue = openEventQueue(redis);
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await system.remove();
});

const isApplied = async () => (await readQueue(redis)).oldestMs === null;

test("a new message is in its conversation before the backlog that an outage of the worker has left", async () => {
  const [open, busy] = [randomUUID(), randomUUID()];
  const worker = system.conversations[1]!;
  for (const id of [open, busy]) expect((await fio.post(creation(id), { wait: 20 })).status).toBe(201);
  // The answer comes before the job is done.
  await until(isApplied, { what: "no job is in the worker's hands" });
  await worker.kill();

  for (let job = 0; job < 10; job += 1) {
    const events = Array.from({ length: 1_000 }, () => message(busy));
    expect((await fio.post(events)).status).toBe(202);
  }
  // Where posting them took more than a second, the last ones went ahead of the first themselves, and used up what may.
  await redis.del(keysOf(0).ahead);
  const backlog = (await queue.getWaiting()).filter(({ name }) => !isFresh(name));
  const newest = Math.max(
    ...backlog.flatMap(({ data }) => data.events.map(({ receipt }) => Number(receipt))),
  );
  const last = backlog.flatMap(({ data }) => data.events).find(({ receipt }) => Number(receipt) === newest);
  await until(async () => ((await readQueue(redis)).oldestMs ?? 0) > 1_000, { what: "the backlog is old" });
  const fresh = message(open);
  expect((await fio.post(fresh)).status).toBe(202);
  expect((await readQueue(redis)).events.waiting).toBe(10_001);

  await worker.start();
  await until(isApplied, { what: "the backlog is applied", limitMs: 60_000 });
  const announced = (await redis.xrange(CHANGES_KEY, "-", "+")).map(([, fields]) => fields.join());
  const placeOf = (id: unknown) => announced.findIndex((change) => change.includes(String(id)));
  expect(placeOf(fresh.data["id"])).toBeGreaterThan(-1);
  expect(placeOf(fresh.data["id"])).toBeLessThan(placeOf(last && nameOf(last.event)));
});

test("while the backlog may hold its creation, no one is told that the conversation of a message is missing", async () => {
  // Accepted long ago and not taken, whatever the worker does.
  const held = await queue.add(
    "events",
    { v: 1, events: [] },
    { timestamp: 1_000, delay: Date.now() + 60_000 },
  );
  await until(async () => (await readQueue(redis)).jobs.delayed === 1, { what: "it is delayed" });
  const lost = message(randomUUID());
  const id = String(lost.data["id"]);
  const seen = { done: false };
  const answer = fio.post(lost, { wait: 30 }).finally(() => (seen.done = true));
  await until(async () => (await fio.event("NEW_MESSAGE", id)).body["outcome"] === "waiting", {
    what: "it waits",
  });
  const receipt = Number((await fio.event("NEW_MESSAGE", id)).body["receipt"]);
  await until(() => Date.now() * 1_000 - receipt > 2_500_000, { what: "twice the grace has passed" });
  expect((await fio.event("NEW_MESSAGE", id)).body).toMatchObject({ outcome: "waiting" });
  expect((await fio.rejections(`?conversation=${lost.data["conversation_id"]}`)).body).toEqual([]);
  expect(seen.done).toBe(false);

  await held.remove();
  expect(await answer).toMatchObject({ status: 404, body: { code: "CONVERSATION_NOT_FOUND" } });
  const rejected = async () => (await fio.event("NEW_MESSAGE", id)).body["outcome"] === "rejected";
  await until(rejected, { what: "it is reported" });
});
