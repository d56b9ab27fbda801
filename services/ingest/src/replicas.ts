import type { Redis } from "ioredis";

/** Resolves when everything written on this connection is on the requested number of replicas; throws otherwise. */
export type Acknowledged = () => Promise<void>;

/** Fewer replicas than requested had the events in time. */
export class TooFewReplicas extends Error {}

/** Less than senders wait. A disk that is asked every second (`appendfsync everysec`) needs a little more than one. */
const PATIENCE_MS = 1_300;
/** A replica that is there has the events in its memory long before. */
const MEMORY_MS = 600;
const SLICE_MS = 250;

/**
 * Waits for the memory of `replicas` replicas (`WAIT`) and then, from Redis 7.2 on, for their disks and Redis' own
 * (`WAITAOF`). Sent right after a write both cost no extra round trip of ours.
 *
 * A replica answers at once with what is on its disk by then, which is not yet what it has just been sent, and says more
 * only every second or when it is asked again. That is why its memory comes first, and why disks are asked in slices.
 */
export function createAcknowledged({
  redis,
  replicas,
  now = () => performance.now(),
}: {
  redis: Redis;
  replicas: number;
  now?: () => number;
}): Acknowledged {
  if (replicas === 0) return () => Promise.resolve();
  let knowsWaitAof = true;
  // After a reconnect the server may have another version.
  redis.on("ready", () => (knowsWaitAof = true));

  const inMemory = async (): Promise<void> => {
    const there = await redis.wait(replicas, MEMORY_MS);
    if (there < replicas) throw new TooFewReplicas(tooFew({ there, replicas, what: "have the events" }));
  };
  const askDisks = async (): Promise<[own: number, there: number] | "unknown command"> => {
    try {
      return (await redis.call("WAITAOF", 1, replicas, SLICE_MS)) as [number, number];
    } catch (error) {
      if (!(error instanceof Error && /unknown command/i.test(error.message))) throw error;
      knowsWaitAof = false;
      return "unknown command";
    }
  };
  const onDisks = async (until: number): Promise<void> => {
    if (!knowsWaitAof) return;
    for (;;) {
      const answer = await askDisks();
      if (answer === "unknown command") return;
      const [own, there] = answer;
      if (own >= 1 && there >= replicas) return;
      if (now() < until) continue;
      if (own < 1)
        throw new Error(`Redis did not confirm the events on its own disk within ${PATIENCE_MS} ms`);
      throw new TooFewReplicas(tooFew({ there, replicas, what: "confirmed the events on disk" }));
    }
  };

  return async () => {
    await Promise.all([inMemory(), onDisks(now() + PATIENCE_MS)]);
  };
}

const tooFew = ({ there, replicas, what }: { there: number; replicas: number; what: string }): string =>
  `only ${there} of ${replicas} replicas ${what} in time`;
