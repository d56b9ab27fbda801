import type { Redis } from "ioredis";

/** Resolves when everything written on this connection is on the requested number of replicas; throws otherwise. */
export type Acknowledged = () => Promise<void>;

/** Fewer replicas than requested had the events in time. */
export class TooFewReplicas extends Error {}

/** Less than senders wait, more than a healthy replica ever takes. */
const PATIENCE_MS = 1_000;

/**
 * Waits for the disks of `replicas` replicas and of Redis itself (`WAITAOF`), or before Redis 7.2, which does not know
 * that, for the memory of the replicas (`WAIT`). Sent right after a write it costs no extra round trip.
 */
export function createAcknowledged({ redis, replicas }: { redis: Redis; replicas: number }): Acknowledged {
  if (replicas === 0) return () => Promise.resolve();
  let knowsWaitAof = true;
  // After a reconnect the server may have another version.
  redis.on("ready", () => (knowsWaitAof = true));

  const onDisks = async (): Promise<number | "unknown command"> => {
    try {
      const [here, there] = (await redis.call("WAITAOF", 1, replicas, PATIENCE_MS)) as [number, number];
      if (here < 1)
        throw new Error(`Redis did not confirm the events on its own disk within ${PATIENCE_MS} ms`);
      return there;
    } catch (error) {
      if (error instanceof Error && /unknown command/i.test(error.message)) return "unknown command";
      throw error;
    }
  };
  const inMemory = (): Promise<number> => redis.wait(replicas, PATIENCE_MS);

  return async () => {
    let there = knowsWaitAof ? await onDisks() : await inMemory();
    if (there === "unknown command") {
      knowsWaitAof = false;
      there = await inMemory();
    }
    if (there < replicas) {
      throw new TooFewReplicas(
        `only ${there} of ${replicas} replicas confirmed the events within ${PATIENCE_MS} ms`,
      );
    }
  };
}
