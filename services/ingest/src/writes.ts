import type { Redis } from "ioredis";
import type { Log } from "@fio/service/log";
import { unavailable, type Refusal } from "./backlog.ts";
import { TooFewReplicas, type Acknowledged } from "./replicas.ts";

const INTERVAL_MS = 1_000;
const EXPIRY_MS = 60_000;

export type Writes = {
  /** `null` while Redis accepts writes. Costs nothing: the write is made in the background. */
  refusal: () => Refusal | null;
  stop: () => void;
};

/**
 * Writes a small key once a second: a Redis that answers reads but no writes (a replica, a failing disk) accepts no
 * events either, nor does one whose replicas do not confirm what they must (REDIS_ACK_REPLICAS). A full one is not refused here but by the backlog: workers make room.
 */
export function watchWrites({
  redis,
  readyKey,
  acknowledged,
  instance,
  log,
}: {
  redis: Redis;
  readyKey: string;
  acknowledged: Acknowledged;
  instance: string;
  log: Log;
}): Writes {
  let refusal: Refusal | null = unavailable("not connected to Redis yet");
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking || redis.status !== "ready") return;
    asking = true;
    try {
      // Both leave together: what a flush asks for.
      await Promise.all([redis.set(readyKey, instance, "PX", EXPIRY_MS), acknowledged()]);
      refusal = null;
    } catch (error) {
      const isFull = (error as Error).message.startsWith("OOM ");
      const detail =
        error instanceof TooFewReplicas
          ? "too few replicas of Redis confirm writes"
          : "Redis does not accept writes";
      if (!isFull && refusal === null) log.warn({ err: error }, detail);
      refusal = isFull ? null : unavailable(detail);
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void ask(), INTERVAL_MS);
  redis.on("ready", () => void ask());
  redis.on("close", () => {
    refusal = unavailable("Redis is not available");
  });
  return {
    refusal: () => refusal,
    stop: () => clearInterval(timer),
  };
}
