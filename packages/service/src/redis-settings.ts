import type { Redis } from "ioredis";
import type { Log } from "./log.ts";

const SETTINGS = ["maxmemory", "maxmemory-policy", "appendonly", "appendfsync"] as const;

const WARNINGS: Record<(typeof SETTINGS)[number], { fine: (value: string) => boolean; risk: string }> = {
  maxmemory: {
    fine: (value) => value !== "0",
    risk: "a backlog can use up the memory of the machine, and the kernel then kills Redis; set maxmemory: ingest refuses events from 80 % of it on",
  },
  "maxmemory-policy": {
    fine: (value) => value === "noeviction",
    risk: "when it is full, Redis may evict queued jobs, and their accepted events are lost; set noeviction",
  },
  appendonly: {
    fine: (value) => value === "yes",
    risk: "queued events, already answered with 202, are lost when Redis stops; set yes",
  },
  appendfsync: {
    fine: (value) => value === "always",
    risk: "a crash of its machine loses up to two seconds of events already answered with 202; set always",
  },
};

/** What could be lost with Redis' settings, one line each; none when all are as Fio needs them. */
export async function redisWarnings(redis: Redis): Promise<string[]> {
  const found = await Promise.all(
    SETTINGS.map(async (setting) => {
      const value = await valueOf(redis, setting);
      if (value === null)
        return `${setting} cannot be read: accepted events can be lost unless it is set correctly`;
      const { fine, risk } = WARNINGS[setting];
      return fine(value) ? null : `${setting} is ${value}: ${risk}`;
    }),
  );
  return found.filter((line) => line !== null);
}

/** Logs the warnings now and whenever Redis comes back, since it may be another server then. */
export function warnAboutRedis({ redis, log }: { redis: Redis; log: Log }): void {
  const check = async (): Promise<void> => {
    try {
      for (const risk of await redisWarnings(redis)) log.warn({ risk }, "unsafe redis setting");
    } catch (error) {
      log.debug({ err: error }, "cannot check the redis settings");
    }
  };
  redis.on("ready", () => void check());
  if (redis.status === "ready") void check();
}

/** `null` where a managed Redis does not let clients read its settings. */
async function valueOf(redis: Redis, setting: string): Promise<string | null> {
  try {
    const answer = await redis.config("GET", setting);
    return answer[1] ?? null;
  } catch (error) {
    if (/NOPERM|unknown command|ERR/.test((error as Error).message)) return null;
    throw error;
  }
}
