export type Backoff = { firstMs: number; longestMs: number };

/**
 * How long to wait before the next try, in milliseconds: `firstMs` after the first failure, twice as long after each
 * further one, at most `longestMs`. Half of it is random, so that clients that failed together do not retry together.
 */
export function backoffMs(
  failures: number,
  { firstMs, longestMs }: Backoff,
  random: () => number = Math.random,
): number {
  const limit = Math.min(firstMs * 2 ** Math.min(Math.max(failures, 1) - 1, 30), longestMs);
  return limit / 2 + (limit / 2) * random();
}
