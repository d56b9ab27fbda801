import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { slotOf } from "@fio/service/redis-cluster";
import { Redis } from "ioredis";
import { creation, message } from "../support/events.ts";
import { startRedisCluster, type RedisCluster } from "../support/redis-cluster.ts";
import { startSystem, type System } from "../support/system.ts";
import { until } from "../support/until.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let cluster: RedisCluster;
let system: System;

beforeAll(async () => {
  cluster = await startRedisCluster();
  system = await startSystem({
    redis: cluster.servers[0]!,
    redisUrlFor: () => Promise.resolve(cluster.url),
    roles: ["api", "worker"],
    env: { REDIS_ACK_REPLICAS: "1" },
  });
});
afterAll(async () => {
  await system.remove();
  await cluster.remove();
});

const post = (event: unknown, headers: Record<string, string> = {}) =>
  fetch(`${system.ingestUrl}/webhook/`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(30_000),
  });

/** Posts until `signal`, each event again until it is accepted, as a sender does; some twice. Gives what was accepted. */
async function send(conversation: string, signal: AbortSignal): Promise<string[]> {
  const accepted: string[] = [];
  const over = (): boolean => signal.aborted;
  while (!over()) {
    const event = message(conversation);
    const again = accepted.length % 7 === 0;
    for (let left = again ? 2 : 1; left > 0;) {
      const status = await post(event).then(
        (answer) => answer.status,
        () => 503,
      );
      if (status === 202) left -= 1;
      else if (status === 503) await sleep(100);
      else throw new Error(`answered ${status}`);
      // What was never accepted is nothing that could be lost.
      if (over() && status !== 202) return accepted;
    }
    accepted.push(event.data["id"]!);
  }
  return accepted;
}

/** In mid-load `harm` is done; then nothing is lost and nothing there twice. */
async function nothingIsLost(harm: () => Promise<void>): Promise<void> {
  const conversations = Array.from({ length: 8 }, () => creation());
  for (const one of conversations) expect((await post(one, { prefer: "wait=20" })).status).toBe(201);
  const ids = conversations.map(({ data }) => data["id"]!);
  const done = new AbortController();
  const sending = Promise.all(ids.map((id) => send(id, done.signal)));
  await sleep(1_000);
  await harm();
  // It goes on by itself.
  await until(async () => (await post(creation()).catch(() => null))?.status === 202, {
    what: "events are accepted again",
    limitMs: 90_000,
  });
  await sleep(500);
  done.abort();
  const accepted = await sending;
  for (const [index, id] of ids.entries()) {
    const expected = new Set(accepted[index]);
    expect(expected.size).toBeGreaterThan(5);
    const stored = await until(
      async () => {
        const answer = await fetch(`${system.apiUrl}/conversations/${id}/?limit=1000`);
        const { messages } = (await answer.json()) as { messages: Array<{ id: string }> };
        const found = messages.map((one) => one.id);
        return [...expected].every((one) => found.includes(one)) ? found : null;
      },
      { what: "all that was accepted is there", limitMs: 90_000 },
    );
    expect(stored).toHaveLength(new Set(stored).size);
    const row = (await (await fetch(`${system.apiUrl}/conversations/${id}/?limit=1`)).json()) as object;
    expect(row).toMatchObject({ message_count: stored.length });
  }
  await until(async () => (await fetch(`${system.ingestUrl}/readyz`)).status === 200, { what: "ready" });
}

test("our keys are in the slot that is looked for", async () => {
  const redis = new Redis(cluster.servers[1]!.url);
  expect(await redis.call("CLUSTER", "KEYSLOT", "{fio}:events:wait")).toBe(slotOf("{fio}"));
  redis.disconnect();
});

test("the primary is killed and started again from its disk", async () => {
  await nothingIsLost(async () => {
    const primary = await cluster.primary();
    await primary.kill();
    await primary.start();
    await cluster.whole();
  });
});

test("the primary is killed, and its replica takes over", async () => {
  const primary = await cluster.primary();
  await nothingIsLost(async () => {
    await primary.kill();
    expect(await cluster.primary()).not.toBe(primary);
    // One replica is asked for, so it takes one to accept anything.
    await primary.start();
    await cluster.whole();
  });
});
