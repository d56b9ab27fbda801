import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { startRedis } from "../../test/support/redis-server.ts";
import { redisFsyncs } from "./fsyncs.ts";

const WRITES = 300;

test.runIf(process.platform === "linux")(
  "Redis flushes once for each write that nothing shares its way with, and not at all for reads",
  async () => {
    const server = await startRedis();
    const redis = new Redis(server.url);
    onTestFinished(async () => {
      redis.disconnect();
      await server.remove();
    });
    const flushesOf = async (ask: (index: number) => Promise<unknown>): Promise<number> => {
      const before = (await redisFsyncs(redis)) ?? NaN;
      for (let index = 0; index < WRITES; index += 1) await ask(index);
      return ((await redisFsyncs(redis)) ?? NaN) - before;
    };
    const [writes, reads] = [
      await flushesOf((index) => redis.set("key", index)),
      await flushesOf(() => redis.get("key")),
    ];
    expect(writes).toBeGreaterThanOrEqual(WRITES);
    // What its log and its wake-ups add.
    expect(writes).toBeLessThan(WRITES * 1.2);
    expect(reads).toBeLessThan(WRITES * 0.2);
  },
);
