import type { Redis } from "ioredis";
import type { Presence } from "./presence.ts";

/** Counts the workers that a job has killed. */
export type CountKills = (job: { key: string; stalls: number }) => Promise<number>;

const FIELDS = ["fio:holder", "fio:stalls", "fio:kills"] as const;

/** The job may be done and gone by now: nothing is made of it then. */
const REMEMBER = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HSET', KEYS[1], 'fio:holder', ARGV[1], 'fio:stalls', ARGV[2], 'fio:kills', ARGV[3])`;

/**
 * A job that stalled may have killed whoever had it, or that one was slow. From its first stall on, whoever takes it
 * writes its own id into the job; the next one to take it after another stall counts a kill only when that worker is gone.
 * The note goes with the job. What Redis does not answer counts for nothing: a job is never suspected by mistake.
 */
export function createKillCounter({
  redis,
  presence,
  ownId,
}: {
  redis: Redis;
  presence: Presence;
  ownId: string;
}): CountKills {
  return async ({ key, stalls }) => {
    if (stalls === 0) return 0;
    try {
      const [holder, stallsThen, killsThen] = await redis.hmget(key, ...FIELDS);
      const hasStalledSince = Number(stallsThen ?? stalls) < stalls;
      const hasKilled = typeof holder === "string" && hasStalledSince && (await presence.isGone(holder));
      const kills = Number(killsThen ?? 0) + (hasKilled ? 1 : 0);
      await redis.eval(REMEMBER, 1, key, ownId, String(stalls), String(kills));
      return kills;
    } catch {
      return 0;
    }
  };
}
