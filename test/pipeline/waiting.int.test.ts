import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientOf, type Client } from "../support/client.ts";
import { creation, message } from "../support/events.ts";
import { startSystem, type System } from "../support/system.ts";

let system: System;
let fio: Client;

beforeAll(async () => {
  system = await startSystem();
  fio = clientOf(system);
});
afterAll(() => system.remove());

const soon = { timeout: 20_000, interval: 100 };

test("a message posted 2 seconds before its conversation appears in it", async () => {
  const c = randomUUID();
  const early = message(c);
  expect((await fio.post(early)).status).toBe(202);
  // The two seconds are the rule itself: less than the grace, and more than any hurry.
  await sleep(2_000);
  expect((await fio.conversation(c)).status).toBe(404);
  expect((await fio.post(creation(c), { wait: 10 })).status).toBe(201);
  await vi.waitFor(async () => {
    expect((await fio.conversation(c)).body.messages).toMatchObject([{ id: early.data["id"] }]);
  }, soon);
});

test("whoever waits for a message ahead of its conversation is told that it got in when that comes", async () => {
  const c = randomUUID();
  const early = message(c);
  const answer = fio.post(early, { wait: 20 });
  await vi.waitFor(async () => {
    expect((await fio.event("NEW_MESSAGE", String(early.data["id"]))).body).toMatchObject({
      outcome: "waiting",
    });
  }, soon);
  expect((await fio.post(creation(c), { wait: 10 })).status).toBe(201);
  expect(await answer).toMatchObject({ status: 201, body: { status: "applied" } });
});

test("when the grace ends first, the answer and what is reported agree", async () => {
  const lost = message(randomUUID());
  const { status, body } = await fio.post(lost, { wait: 20 });
  expect([status, body]).toMatchObject([404, { code: "CONVERSATION_NOT_FOUND" }]);
  expect(Date.now() * 1_000 - Number(body["receipt"])).toBeGreaterThanOrEqual(5_900_000);
  const limit = { timeout: 1_000, interval: 50 };
  await vi.waitFor(async () => {
    expect((await fio.event("NEW_MESSAGE", String(lost.data["id"]))).body).toMatchObject({
      outcome: "rejected",
      reason: "CONVERSATION_NOT_FOUND",
      receipt: body["receipt"],
    });
  }, limit);
});

test("whoever waits less long than the grace is told that the conversation is still waited for", async () => {
  const answer = await fio.post(message(randomUUID()), { wait: 2 });
  expect(answer).toMatchObject({ status: 202, body: { status: "waiting" } });
});

test("a message whose conversation does not come is reported as a rejection after the grace, and gets in all the same", async () => {
  const c = randomUUID();
  const lost = message(c);
  const id = String(lost.data["id"]);
  const { body } = await fio.post(lost);

  await vi.waitFor(async () => {
    expect((await fio.event("NEW_MESSAGE", id)).body).toMatchObject({
      outcome: "waiting",
      receipt: body["receipt"],
    });
  }, soon);
  expect((await fio.rejections(`?conversation=${c}`)).body).toEqual([]);

  await vi.waitFor(async () => {
    expect((await fio.event("NEW_MESSAGE", id)).body).toMatchObject({
      outcome: "rejected",
      reason: "CONVERSATION_NOT_FOUND",
    });
  }, soon);
  // Microseconds on one side, milliseconds on the other: what was accepted is at least the grace old.
  expect(Date.now() * 1_000 - Number(body["receipt"])).toBeGreaterThanOrEqual(6_000_000);
  expect((await fio.rejections(`?conversation=${c}`)).body).toMatchObject([
    {
      receipt: body["receipt"],
      conversation_id: c,
      reason: "CONVERSATION_NOT_FOUND",
      event: { data: { id } },
    },
  ]);

  expect((await fio.post(creation(c), { wait: 10 })).status).toBe(201);
  expect((await fio.event("NEW_MESSAGE", id)).body).toMatchObject({ outcome: "applied" });
  expect((await fio.conversation(c)).body.messages).toMatchObject([{ id }]);
  expect((await fio.rejections(`?conversation=${c}`)).body).toEqual([]);
});
