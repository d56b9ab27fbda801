import { appendFile, stat } from "node:fs/promises";
import type { Redis } from "ioredis";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { needingRedis } from "../needs.ts";
import { lastAppendOnlyFile } from "../rig/append-only.ts";
import { askRedis } from "../rig/redis.ts";
import { underLoad } from "../recovery.ts";

const OUTAGE_LIMIT_MS = 10_000;

async function runId(redis: Redis): Promise<string> {
  return /run_id:(\w+)/.exec(await redis.info("server"))?.[1] ?? "unknown";
}

const killed: Fault = {
  name: "Redis killed and restarted",
  on: BOTH,
  shortOn: ["postgres"],
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    const { redis } = rig.system;
    const before = await askRedis(redis.url, runId);
    await redis.kill();
    await underLoad(rig.outageMs);
    await redis.start();
    const returnedAt = performance.now();
    const after = await askRedis(redis.url, runId);
    demand(before !== after, "Redis is still the same run");
    return {
      proof: `run ${before.slice(0, 8)} became ${after.slice(0, 8)}`,
      returnedAt,
      unready: needingRedis(rig),
    };
  },
};

const paused: Fault = {
  name: "Redis paused for 20 s",
  on: BOTH,
  shortOn: ["postgres"],
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    const { redis } = rig.system;
    redis.pause();
    const silent = await askRedis(redis.url, (one) => one.ping()).then(
      () => false,
      () => true,
    );
    await underLoad(Math.max(20_000, rig.outageMs) - 5_000);
    redis.resume();
    demand(silent, "Redis answered while it was paused");
    return { proof: "PING went unanswered", returnedAt: performance.now(), unready: needingRedis(rig) };
  },
};

const cut: Fault = {
  name: "every connection to Redis cut",
  on: BOTH,
  shortOn: ["sqlite"],
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    let closed = 0;
    for (let round = 0; round < 3; round += 1) {
      closed += await askRedis(rig.system.redis.url, async (redis) => {
        const normal = await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        const subscribers = await redis.call("CLIENT", "KILL", "TYPE", "pubsub");
        return Number(normal) + Number(subscribers);
      });
      await underLoad(700);
    }
    demand(closed > 0, "there was no connection to cut");
    return { proof: `CLIENT KILL closed ${closed} connections`, returnedAt: performance.now() };
  },
};

/** What a power cut leaves of a command that was being written, and that nobody was answered for. */
const TORN_COMMAND = "*5\r\n$4\r\nEVAL\r\n$9000\r\nlocal key";

const torn: Fault = {
  name: "a torn command at the end of the append-only file",
  on: BOTH,
  shortOn: ["sqlite"],
  limitMs: OUTAGE_LIMIT_MS,
  strike: async (rig) => {
    const { redis } = rig.system;
    await redis.kill();
    const file = await lastAppendOnlyFile(redis.dir);
    await appendFile(file, TORN_COMMAND);
    const { size: withTornCommand } = await stat(file);
    await underLoad(1_000);
    await redis.start();
    const returnedAt = performance.now();
    const contents = await askRedis(redis.url, (one) => one.config("GET", "aof-load-truncated"));
    demand(contents[1] === "yes", "this Redis does not load a file with a torn end");
    return {
      proof: `Redis loaded ${withTornCommand} bytes with half a command at their end`,
      returnedAt,
      unready: needingRedis(rig),
    };
  },
};

export const redisOutages: Fault[] = [killed, paused, cut, torn];
