import type { Timestamp } from "@fio/contracts";

/**
 * Timestamps with microseconds, each later than the one before, by the server's clock: if this device's clock were far
 * ahead, every message would be refused. `offset` is what the server's clock is ahead of `now`, in milliseconds.
 */
export function createStampClock({
  now,
  offset,
}: {
  now: () => number;
  offset: () => number;
}): () => Timestamp {
  let last = 0n;
  return () => {
    const microseconds = BigInt(Math.floor((now() + offset()) * 1000));
    last = microseconds > last ? microseconds : last + 1n;
    return stampOf(last);
  };
}

function stampOf(microseconds: bigint): Timestamp {
  const seconds = new Date(Number(microseconds / 1_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(microseconds % 1_000_000n).padStart(6, "0")}Z` as Timestamp;
}
