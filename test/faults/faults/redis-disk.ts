import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RedisServer } from "../../support/redis-server.ts";
import { until } from "../../support/until.ts";
import type { Fault } from "../fault.ts";
import { needingRedis } from "../needs.ts";
import { underLoad } from "../recovery.ts";
import { askRedis } from "../rig/redis.ts";
import { requireDisk } from "../rig/small-disk.ts";

const LIMIT_MS = 10_000;
const PROBE = "fio-fault-suite:probe";

/** Redis ends at the first write that its disk does not take, and a supervisor starts it again and again. */
const fullUnderAlways: Fault = {
  name: "the disk of Redis full, appendfsync always",
  on: ["sqlite"],
  limitMs: LIMIT_MS,
  strike: async (rig) => {
    const disk = requireDisk(rig.disks.redis);
    const { redis } = rig.system;
    const supervisor = supervise(redis);
    let returnedAt: number;
    try {
      await disk.fill();
      await until(() => supervisor.exits() > 0, { what: "Redis ends for want of room", limitMs: 20_000 });
      await underLoad(rig.outageMs);
      await disk.free();
      returnedAt = await untilItAcceptsWrites(redis);
    } finally {
      await disk.free();
      await supervisor.stop();
    }
    const words = /.*(No space left on device|AOF write error).*/.exec(redis.lastWords())?.[0] ?? "";
    return {
      proof: `Redis ended ${supervisor.exits()} times by itself${words === "" ? "" : `: "${words.replace(/^.*# /, "")}"`}`,
      returnedAt,
      unready: needingRedis(rig),
    };
  },
};

/** Starts Redis whenever it has ended, as a container engine would. */
function supervise(redis: RedisServer): { exits: () => number; stop: () => Promise<void> } {
  let [stopped, exits] = [false, 0];
  const watch = async (): Promise<void> => {
    while (!stopped) {
      if (!redis.runs()) {
        exits += 1;
        await sleep(500);
        await redis.start();
      }
      await sleep(50);
    }
  };
  const watching = watch();
  return {
    exits: () => exits,
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
}

/** Redis goes on without its file, refuses writes, and takes them again once the file can be written. */
const fullUnderEverysec: Fault = {
  name: "the disk of Redis full, appendfsync everysec",
  on: ["sqlite"],
  limitMs: LIMIT_MS,
  strike: async (rig) => {
    const disk = requireDisk(rig.disks.redis);
    const { redis } = rig.system;
    await askRedis(redis.url, (one) => one.config("SET", "appendfsync", "everysec"));
    try {
      await disk.fill();
      const refusal = await until(() => refusalOf(redis), { what: "Redis refuses writes" });
      await underLoad(rig.outageMs);
      await disk.free();
      const returnedAt = await untilItAcceptsWrites(redis);
      return { proof: `Redis said "${refusal}"`, returnedAt, unready: needingRedis(rig) };
    } finally {
      await disk.free();
      await askRedis(redis.url, (one) => one.config("SET", "appendfsync", "always"));
    }
  },
};

/**
 * A snapshot cannot be put in its place, since a directory stands there; Redis refuses writes for it, and tries again by
 * itself (`stop-writes-on-bgsave-error`).
 */
const failedSnapshot: Fault = {
  name: "Redis refuses writes after a failed snapshot",
  on: ["postgres"],
  limitMs: LIMIT_MS,
  strike: async (rig) => {
    const { redis } = rig.system;
    const inItsPlace = join(redis.dir, "dump.rdb");
    await mkdir(inItsPlace);
    try {
      await askRedis(redis.url, (one) => one.config("SET", "save", "1 1"));
      const refusal = await until(() => refusalOf(redis), { what: "a snapshot fails" });
      await underLoad(rig.outageMs);
      await rmdir(inItsPlace);
      const returnedAt = await untilItAcceptsWrites(redis);
      return { proof: `Redis said "${refusal}"`, returnedAt, unready: needingRedis(rig) };
    } finally {
      await rmdir(inItsPlace).catch(() => {});
      await askRedis(redis.url, (one) => one.config("SET", "save", ""));
    }
  },
};

/** Redis' own words when it refuses a write for the sake of its disk; `null` when it takes it. */
function refusalOf(redis: RedisServer): Promise<string | null> {
  return askRedis(redis.url, (one) => one.set(PROBE, "1")).then(
    () => null,
    (error: unknown) => {
      const { message } = error as Error;
      return message.startsWith("MISCONF") ? message.slice(0, 90) : null;
    },
  );
}

const acceptsWrites = (redis: RedisServer): Promise<boolean> =>
  askRedis(redis.url, (one) => one.set(PROBE, "1")).then(
    () => true,
    () => false,
  );

async function untilItAcceptsWrites(redis: RedisServer): Promise<number> {
  await until(() => acceptsWrites(redis), { what: "Redis takes writes again" });
  return performance.now();
}

export const redisDisk: Fault[] = [fullUnderAlways, fullUnderEverysec, failedSnapshot];
