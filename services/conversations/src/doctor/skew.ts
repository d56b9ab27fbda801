/**
 * How far another clock is ahead of ours, at least, in milliseconds; negative when it is behind. It was read between `before`
 * and `after` of our clock, and said a time within `from` and `to`.
 */
export function skewOf({
  before,
  after,
  from,
  to = from,
}: {
  before: number;
  after: number;
  from: number;
  to?: number;
}): number {
  if (from > after) return from - after;
  return to < before ? to - before : 0;
}
