import type { Redis } from "ioredis";
import type { Log } from "./log.ts";

const SETTINGS = ["maxmemory", "maxmemory-policy", "appendonly", "appendfsync"] as const;

const WARNINGS: Record<(typeof SETTINGS)[number], { fine: (value: string) => boolean; risk: string }> = {
  maxmemory: {
    fine: (value) => value !== "0",
    risk: "a backlog can fill the machine, and a Redis that is killed for it takes nothing more; set maxmemory, and ingest refuses from 80 % of it on",
  },
  "maxmemory-policy": {
    fine: (value) => value === "noeviction",
    risk: "Redis may throw queued jobs away when it is full, and accepted events with them; set noeviction",
  },
  appendonly: {
    fine: (value) => value === "yes",
    risk: "whatever is queued when Redis stops is lost, though it was answered 202; set yes",
  },
  appendfsync: {
    fine: (value) => value === "always",
    risk: "a crash of its machine loses up to the last two seconds of what was answered 202; set always",
  },
};

/** What could be lost with the settings that Redis has, one line each; none when all is as Fio needs it. */
export async function redisWarnings(redis: Redis): Promise<string[]> {
  const found = await Promise.all(
    SETTINGS.map(async (setting) => {
      const value = await valueOf(redis, setting);
      if (value === null) return `${setting} cannot be read: unless it is right, accepted events can be lost`;
      const { fine, risk } = WARNINGS[setting];
      return fine(value) ? null : `${setting} is ${value}: ${risk}`;
    }),
  );
  return found.filter((line) => line !== null);
}

/** Logs the warnings now and whenever Redis comes back, since it may come back as another one. */
export function warnAboutRedis({ redis, log }: { redis: Redis; log: Log }): void {
  const check = async (): Promise<void> => {
    try {
      for (const risk of await redisWarnings(redis)) log.warn({ risk }, "redis is not set as it should be");
    } catch (error) {
      log.debug({ err: error }, "the settings of redis could not be checked");
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
