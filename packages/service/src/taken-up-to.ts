import type { QueueReading } from "./queue.ts";

/** From here on a backlog is old: what is accepted goes ahead of it, and the grace waits for it. Milliseconds. */
export const OLD_MS = 1_000;
/** A reading tells nothing about what was accepted later than this. */
const READING_LASTS_MS = 1_500;

export type TakenUpTo = {
  note: (reading: Pick<QueueReading, "oldestMs">) => void;
  /** All that was accepted before this time has been applied; in milliseconds since 1970. */
  at: () => number;
};

/**
 * How far the queue has been worked off. The grace of what waits for its conversation counts by this time, since the
 * creation may be in the backlog: whoever reports that a conversation is missing asks here, not the clock. Without an old
 * backlog it is the clock. While the queue cannot be read it stands still; before the first reading it is `unread`.
 */
export function createTakenUpTo(now: () => number, unread: () => number = now): TakenUpTo {
  let noted: { at: number; oldestMs: number } | null = null;
  return {
    note: ({ oldestMs }) => {
      noted = { at: now(), oldestMs: oldestMs ?? 0 };
    },
    at: () => {
      if (noted === null) return unread();
      const isCurrent = noted.oldestMs < OLD_MS && now() - noted.at < READING_LASTS_MS;
      return isCurrent ? now() : noted.at - noted.oldestMs;
    },
  };
}

/** The same of all partitions: of what is behind. Each has a reading of its own. */
export function createTakenUpToInAll(
  now: () => number,
  unread?: () => number,
): { of: (partition: number) => TakenUpTo; at: (partitions: number) => number } {
  const all: TakenUpTo[] = [];
  const of = (partition: number): TakenUpTo => (all[partition] ??= createTakenUpTo(now, unread));
  return {
    of,
    at: (partitions) => Math.min(...Array.from({ length: partitions }, (_, one) => of(one).at())),
  };
}
