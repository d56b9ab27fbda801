import { setTimeout as sleep } from "node:timers/promises";
import { receiptMilliseconds, type Receipt } from "@fio/contracts";
import { unapplied, type QueueReading } from "@fio/service/queue";

const LOOK_EVERY_MS = 25;

/**
 * How long a message waits for what was accepted before it to be applied. As long as little is queued that is what a process
 * held that was killed, and its order is worth minutes. A backlog may take hours, and what is new goes ahead of it.
 */
const HELD_MS = { behindLittle: 120_000, behindBacklog: 30_000 };
/** Events; workers apply as many in a second or two. */
const LITTLE = 5_000;

type Reading = Pick<QueueReading, "clockMs" | "oldestMs" | "events">;

/**
 * Whether all that was accepted before a message has been applied. Another worker may have the message before it in hand,
 * or a close that takes it out: who sends too early sends in the wrong order, or what is not said.
 */
export type Order = {
  /** Waits until all that is accepted by now is applied, at most so long. */
  caughtUp: (limitMs: number) => Promise<void>;
  /** `at_once`, `later` (it took a while until it was), or `not_yet`. */
  reaches: (receipt: Receipt, limitMs: number) => Promise<"at_once" | "later" | "not_yet">;
  /** Milliseconds that a message is held back at most, as things stand. */
  heldForMs: () => number;
};

/** `read` gives a reading of each partition; a reading that fails says nothing. */
export function createOrder({ read }: { read: () => Promise<readonly Reading[]> }): Order {
  /** All that was accepted before this time, by Redis' clock, is applied. */
  let reached = -Infinity;
  let queued = 0;
  let looking: Promise<number> | undefined;
  let lookedAt = -Infinity;

  /** Gives Redis' time of a reading that began after it was asked for. */
  const look = async (): Promise<number> => {
    // One that is under way began before.
    await looking?.catch(() => {});
    looking ??= (async () => {
      const wait = lookedAt + LOOK_EVERY_MS - performance.now();
      if (wait > 0) await sleep(wait);
      lookedAt = performance.now();
      try {
        const readings = await read();
        const times = readings.map(({ clockMs, oldestMs }) => clockMs - (oldestMs ?? 0));
        reached = Math.max(reached, Math.min(...times));
        queued = readings.reduce((sum, { events }) => sum + unapplied(events), 0);
        return Math.max(...readings.map(({ clockMs }) => clockMs));
      } finally {
        looking = undefined;
      }
    })();
    return looking;
  };

  const until = async (isReached: (clock: number) => boolean, limitMs: number): Promise<number> => {
    const end = performance.now() + limitMs;
    let clock = Infinity;
    let looks = 0;
    do {
      const seen = await look().catch(async () => {
        await sleep(LOOK_EVERY_MS);
        return Infinity;
      });
      clock = Math.min(clock, seen);
      looks += 1;
      if (clock !== Infinity && isReached(clock)) return looks;
    } while (performance.now() < end);
    return Infinity;
  };

  return {
    caughtUp: async (limitMs) => {
      await until((clock) => reached >= clock, limitMs);
    },
    reaches: async (receipt, limitMs) => {
      const isPast = (): boolean => reached > receiptMilliseconds(receipt);
      if (isPast()) return "at_once";
      const looks = await until((clock) => isPast() || reached >= clock, limitMs);
      if (looks === Infinity) return "not_yet";
      return looks === 1 ? "at_once" : "later";
    },
    heldForMs: () => (queued <= LITTLE ? HELD_MS.behindLittle : HELD_MS.behindBacklog),
  };
}
