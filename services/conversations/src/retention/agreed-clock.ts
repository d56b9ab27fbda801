import type { Redis } from "ioredis";
import type { Log } from "@fio/service/log";

/** A few minutes are what clocks are off that nobody sets; more says that one of the two is wrong. */
const APART_MS = 600_000;
const TOLD_MS = 3_600_000;

/**
 * The clock that receipts are given by, Redis', in milliseconds since 1970; `null` while this process' own does not agree: one of
 * them is wrong, and nothing may be erased by it. Throws what Redis does.
 */
export function createAgreedClock({
  redis,
  now,
  log,
}: {
  redis: Redis;
  now: () => number;
  log: Log;
}): () => Promise<number | null> {
  let toldAt: number | null = null;
  return async () => {
    const [seconds, microseconds] = await redis.time();
    const at = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    const apartMs = now() - at;
    if (Math.abs(apartMs) <= APART_MS) return at;
    if (toldAt === null || performance.now() - toldAt > TOLD_MS) {
      toldAt = performance.now();
      log.error({ apartMs }, "nothing is erased by age: the clocks of this worker and of Redis do not agree");
    }
    return null;
  };
}
