import type { Redis } from "ioredis";
import { REFUSED_SHARE, memoryShare } from "@fio/service/redis-memory";

const EVERY_MS = 1_000;

/**
 * Whether Redis is so full that workers would soon have no room to drain it: providers keep what they are refused, and send
 * it again.
 */
export function watchRoom(redis: Redis): { isFull: () => boolean; stop: () => void } {
  let full = false;
  const look = async (): Promise<void> => {
    if (redis.status !== "ready") return;
    const share = await memoryShare(redis).catch(() => null);
    full = share !== null && share >= REFUSED_SHARE;
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  redis.on("ready", () => void look());
  return { isFull: () => full, stop: () => clearInterval(timer) };
}
