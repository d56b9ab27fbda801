import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import { addAuditLine } from "../store/audit.ts";
import { clearOutbox } from "../store/announced.ts";
import type { Store } from "../store/connect.ts";
import { buryConversation, eraseStep, finishErasures } from "../store/erase.ts";
import { forgetWords } from "../store/forget-words.ts";
import { untilDone } from "../store/retry.ts";
import { forgetInQueue, forgetInStream } from "./forget-in-redis.ts";

/** Between two steps, so that others get their turn. */
const PAUSE_MS = 10;
/** How long workers have to announce what they had committed before. */
const ANNOUNCE_MS = 10_000;

export type Erased = {
  /** Conversations that had no tombstone before. */
  buried: number;
  /** Jobs that were not done, or were given up, out of which what was written is taken. */
  jobs: number;
};

/**
 * Erases conversations for good, here and in Redis. Whoever is killed in it leaves tombstones that are not finished: doing
 * it again goes on, and is harmless. Throws what the store and Redis throw, passing faults of the store after a minute.
 */
export async function eraseConversations({
  store,
  partitions,
  conversations,
  now,
  announceMs = ANNOUNCE_MS,
}: {
  store: Store;
  /** A connection to each partition of the queue; the first has the live stream too. */
  partitions: readonly Redis[];
  conversations: readonly string[];
  now: () => number;
  announceMs?: number;
}): Promise<Erased> {
  const patiently = <Value>(work: () => Promise<Value>): Promise<Value> =>
    untilDone(work, { signal: AbortSignal.timeout(60_000) });
  const all = new Set(conversations);
  const erased: Erased = { buried: 0, jobs: 0 };
  for (const conversation of all) {
    // It may be written of one whose erasure an earlier run has begun; never is one erased that is not written of.
    await patiently(() =>
      addAuditLine(store, { at: now() * 1_000, action: "erase", conversation, detail: "npm run customer" }),
    );
    const told = await patiently(() => buryConversation(store, { conversation, now: now() }));
    if (told !== null) erased.buried += 1;
    while (await patiently(() => eraseStep(store, conversation))) await sleep(PAUSE_MS);
  }
  // What a transaction from before the tombstones tells must be in the stream before that is cut.
  await patiently(() => clearOutbox(store, { conversations: all, patienceMs: announceMs }));
  for (const [partition, redis] of partitions.entries()) {
    if (partition === 0) await forgetInStream(redis, all);
    erased.jobs += await forgetInQueue(redis, { conversations: all, partition });
  }
  while (await patiently(() => forgetWords(store))) await sleep(PAUSE_MS);
  await patiently(() => finishErasures(store, { conversations: [...all], now: now() }));
  return erased;
}
