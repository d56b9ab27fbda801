/* Positions in the stream of changes, without zod, so that browsers can use this file. */

/** A position in the stream of changes: the id of an entry in Redis, `milliseconds-sequence`. */
export type Position = string;

/** Before the very first entry. */
export const BEGINNING: Position = "0-0";

/** Negative when `a` is before `b`. Text order does not work: the sequence has no fixed width. */
export function comparePositions(a: Position, b: Position): number {
  const [aTime, aSequence] = partsOf(a);
  const [bTime, bSequence] = partsOf(b);
  if (aTime !== bTime) return aTime < bTime ? -1 : 1;
  if (aSequence !== bSequence) return aSequence < bSequence ? -1 : 1;
  return 0;
}

export const laterOf = (a: Position, b: Position): Position => (comparePositions(a, b) < 0 ? b : a);
export const earlierOf = (a: Position, b: Position): Position => (comparePositions(a, b) > 0 ? b : a);

/** When the entry was announced, by Redis' clock, in milliseconds since 1970. */
export const announcedAt = (position: Position): number => Number(partsOf(position)[0]);

function partsOf(position: Position): [bigint, bigint] {
  const [time = "0", sequence = "0"] = position.split("-");
  return [BigInt(time), BigInt(sequence)];
}
