import type { Redis } from "ioredis";
import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { post, wireBody } from "../load/post.ts";
import { saysFull } from "../load/sender.ts";
import { askRedis, backlog } from "../rig/redis.ts";
import { freshCreation, underLoad } from "../recovery.ts";
import type { Rig } from "../rig/rig.ts";

const BALLAST = "fio-fault-suite:ballast";
const MEGABYTE = "x".repeat(2 ** 20);
/** Ingest must have refused by then. */
const REFUSAL_LIMIT_MS = 3_000;

/**
 * Filled by someone else, first to where ingest has to refuse so that workers can finish, then to the last byte with
 * jobs in hand, so that workers cannot.
 */
const filled: Fault = {
  name: "Redis filled to maxmemory",
  on: BOTH,
  shortOn: ["sqlite"],
  limitMs: 10_000,
  strike: async (rig) => {
    const { url } = rig.system.redis;
    const allowed = await askRedis(url, (redis) => redis.config("GET", "maxmemory"));
    const limit = await askRedis(url, async (redis) => {
      const bytes = Math.max(64 * 2 ** 20, 2 * (await used(redis)));
      await redis.config("SET", "maxmemory", String(bytes));
      return bytes;
    });
    try {
      await askRedis(url, (redis) => fillTo(redis, 0.9 * limit));
      const slowest = await refusalOf(rig);
      await until(() => askRedis(url, backlog).then((jobs) => jobs === 0), {
        what: "the queue drains while ingest refuses",
      });
      await freeSome(url);
      const out = await fillWithJobsInHand(rig);
      await underLoad(3_000);
      return {
        proof: `ingest refused within ${Math.round(slowest)} ms, the queue drained; then ${out}`,
        returnedAt: await emptied(url, allowed[1] ?? "0"),
      };
    } catch (error) {
      await emptied(url, allowed[1] ?? "0");
      throw error;
    }
  },
};

async function used(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1] ?? 0);
}

/** Gives Redis' own words once it takes no more. */
async function fillTo(redis: Redis, bytes: number): Promise<string | null> {
  try {
    while ((await used(redis)) < bytes) await redis.rpush(BALLAST, MEGABYTE);
    return null;
  } catch (error) {
    if (!/^OOM/.test((error as Error).message)) throw error;
    return (error as Error).message;
  }
}

/** How long the slowest ingest took to refuse, once all do. */
async function refusalOf(rig: Rig): Promise<number> {
  let slowest = 0;
  for (const { url, name } of rig.system.ingests) {
    await until(
      async () => {
        const events = [freshCreation(rig)];
        const sentAt = performance.now();
        rig.journal.sending(events);
        const posted = await post(url, wireBody(events, rig.random), 10_000);
        if (saysFull(posted)) {
          slowest = Math.max(slowest, performance.now() - sentAt);
          rig.journal.leaveUnsure(events);
          return true;
        }
        rig.journal.leaveUnsure(events);
        return false;
      },
      { what: `${name} refuses while Redis is nearly full`, limitMs: 10_000 },
    );
  }
  demand(slowest < REFUSAL_LIMIT_MS, `an ingest took ${slowest} ms to refuse`);
  return slowest;
}

async function freeSome(url: string): Promise<void> {
  await askRedis(url, (redis) => redis.del(BALLAST));
}

async function fillWithJobsInHand(rig: Rig): Promise<string> {
  const { url } = rig.system.redis;
  const release = await rig.store.hold();
  try {
    await until(() => askRedis(url, backlog).then((jobs) => jobs >= 4), { what: "there are jobs to finish" });
    const small = await askRedis(url, async (redis) => {
      const refusal = await fillTo(redis, Number.MAX_SAFE_INTEGER);
      // The last bytes too, in small pieces.
      for (;;) {
        try {
          await redis.rpush(BALLAST, "x".repeat(512));
        } catch {
          return refusal;
        }
      }
    });
    demand(small !== null, "Redis was never full");
    return `Redis said "${small.slice(0, 40)}" with jobs in hand`;
  } finally {
    await release();
  }
}

async function emptied(url: string, maxmemory: string): Promise<number> {
  await askRedis(url, async (redis) => {
    await redis.config("SET", "maxmemory", maxmemory);
    await redis.del(BALLAST);
  });
  return performance.now();
}

export const fullRedis: Fault[] = [filled];
