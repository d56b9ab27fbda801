import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clientOf, type Client } from "../support/client.ts";
import { creation, message, type SentEvent } from "../support/events.ts";
import type { RedisServer } from "../support/redis-server.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

let system: System;
let fio: Client;

beforeAll(async () => {
  system = await startSystem();
  fio = clientOf(system);
});
afterAll(() => system.remove());

const SENDERS = 16;
const soon = { timeout: 60_000, interval: 200 };

test("after kill -9 of everything in mid-load and a new start, every event that was answered 202 is in the store, once", async () => {
  const conversations = Array.from({ length: SENDERS }, () => randomUUID());
  const answered = new Map<string, string[]>();
  const sent = new Map<string, Set<string>>();
  const end = new AbortController();

  const sender = async (conversation: string): Promise<void> => {
    const messages: string[] = [];
    answered.set(conversation, messages);
    sent.set(conversation, new Set());
    for (let event: SentEvent = creation(conversation); !end.signal.aborted; event = message(conversation)) {
      const id = String(event.data["id"]);
      if (event.type === "NEW_MESSAGE") sent.get(conversation)?.add(id);
      const status = await fio.post(event).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status !== 202) return;
      if (event.type === "NEW_MESSAGE") messages.push(id);
    }
  };
  const load = Promise.all(conversations.map(sender));
  const count = (): number => [...answered.values()].reduce((sum, messages) => sum + messages.length, 0);
  await until(() => count() > 1_500, { what: "the load is under way" });
  await system.kill();
  end.abort();
  await load;
  await system.start();

  for (const conversation of conversations) {
    const expected = answered.get(conversation) ?? [];
    await vi.waitFor(async () => {
      const { body } = await fio.conversation(conversation, "?limit=1000");
      const ids = body.messages.map(({ id }) => id);
      expect(new Set(ids).size, "once").toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(expected));
      expect(body.message_count).toBe(ids.length);
      // One more at most: sent, and on disk before its answer was.
      expect(ids.filter((id) => !sent.get(conversation)?.has(id))).toEqual([]);
    }, soon);
    const last = expected.at(-1);
    if (last !== undefined) {
      expect((await fio.event("NEW_MESSAGE", last)).body).toMatchObject({ outcome: "applied" });
    }
  }
}, 180_000);

const pause = (redis: RedisServer): Promise<void> => {
  redis.pause();
  return Promise.resolve();
};
const resume = (redis: RedisServer): Promise<void> => {
  redis.resume();
  return Promise.resolve();
};

test.each([
  ["killed", (redis: RedisServer) => redis.kill(), (redis: RedisServer) => redis.start()],
  ["paused", pause, resume],
])(
  "while Redis is %s a sender is told 503 within 3 s to try again, and all is well by itself when it is back",
  async (_fault, strike, heal) => {
    const c = randomUUID();
    expect((await fio.post(creation(c), { wait: 10 })).status).toBe(201);
    await strike(system.redis);
    try {
      for (let attempt = 0; attempt < 3; attempt++) {
        const before = performance.now();
        const answer = await fio.post(message(c));
        expect(performance.now() - before).toBeLessThan(3_000);
        expect(answer).toMatchObject({ status: 503, body: { code: "QUEUE_UNAVAILABLE" } });
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      }
      const ready = await fetch(`${system.ingestUrl}/readyz`);
      expect(ready.status).toBe(503);
      // What is in the store can be read all the same.
      expect((await fio.conversation(c)).status).toBe(200);
      await sleep(2_000);
    } finally {
      await heal(system.redis);
    }
    const said = message(c);
    await until(async () => (await fio.post(said, { wait: 10 })).status < 300, {
      what: "ingest accepts again",
      limitMs: 10_000,
    });
    await vi.waitFor(async () => {
      expect((await fio.event("NEW_MESSAGE", String(said.data["id"]))).body).toMatchObject({
        outcome: "applied",
      });
    }, soon);
    // Ingest accepts a moment before it hears outcomes again: ready is who does both.
    for (const url of [system.apiUrl, system.ingestUrl]) {
      await until(async () => (await fetch(`${url}/readyz`)).status === 200, {
        what: `${url} is ready again`,
      });
    }
  },
  120_000,
);
