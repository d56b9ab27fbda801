import type { Redis } from "ioredis";

/** Ingest refuses from this share of `maxmemory` on, so that Redis has room for workers to drain the queue. */
export const REFUSED_SHARE = 0.8;

/**
 * The share of `maxmemory` in use, as Redis itself counts it: without the buffers of replicas and of the
 * append-only file. `null` where there is no limit, or where a client may not ask. Throws what Redis throws.
 */
export async function memoryShare(redis: Redis): Promise<number | null> {
  const info = await redis.info("memory").catch((error: unknown) => {
    if (error instanceof Error && /^(NOPERM|ERR unknown command)/.test(error.message)) return null;
    throw error;
  });
  if (info === null) return null;
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  const limit = field("maxmemory");
  return limit === 0 ? null : (field("used_memory") - field("mem_not_counted_for_evict")) / limit;
}
