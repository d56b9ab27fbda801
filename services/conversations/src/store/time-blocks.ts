import { millisecondsOf, timestampOf, type Timestamp } from "@fio/contracts";

/*
 * Time, cut so that a search can ask an index for a part of it. Every message carries, as words, the stretches that its
 * place lies in: of 16 seconds, 17 minutes, 19 hours and 50 days. A block is 2^bits milliseconds that begin at a multiple
 * of that, and is named by the words of at most 32 stretches.
 */

export const STRETCH_BITS = [14, 20, 26, 32];
/** Of private use, and so in no word of a text. */
export const MARK = "\ue000";
/** Makes the milliseconds of the year 0 positive: a sign would split the word. */
export const YEAR_ZERO = 2 ** 46;
const BEFORE_YEAR_ZERO = Date.parse("0000-01-01T00:00:00Z") + YEAR_ZERO;

export type TimeBlock = { bits: number; index: number };

export const SMALLEST_BITS = 14;
/** Four years. */
const LARGEST_BITS = 37;

const stretchWord = (level: number, stretch: number): string => `${MARK}${level}${stretch.toString(36)}`;
const offsetOf = (timestamp: Timestamp): number => millisecondsOf(timestamp) + YEAR_ZERO;

/** The words for the stretches that a place lies in. */
export function wordsOfTime(place: Timestamp): string[] {
  const offset = offsetOf(place);
  return STRETCH_BITS.map((bits, level) => stretchWord(level, Math.floor(offset / 2 ** bits)));
}

/** How many stretches a block consists of. */
export const stretchesOf = ({ bits }: TimeBlock): number =>
  2 ** (bits - (STRETCH_BITS.findLast((stretch) => stretch <= bits) ?? bits));

/** The words of the stretches that a block consists of: a message in it has exactly one of them. */
export function wordsOfBlock(block: TimeBlock): string[] {
  const { bits, index } = block;
  const level = STRETCH_BITS.findLastIndex((stretch) => stretch <= bits);
  const count = stretchesOf(block);
  return Array.from({ length: count }, (_, at) => stretchWord(level, index * count + at));
}

/** The block of this size that a place lies in. */
export const blockAt = (place: Timestamp, bits: number): TimeBlock => ({
  bits,
  index: Math.floor(offsetOf(place) / 2 ** bits),
});

/** The newer half first. */
export const halvesOf = ({ bits, index }: TimeBlock): [TimeBlock, TimeBlock] => [
  { bits: bits - 1, index: index * 2 + 1 },
  { bits: bits - 1, index: index * 2 },
];

/** Where a block begins; the beginning of all time for those that reach before the year 0. */
export const beginOf = ({ bits, index }: TimeBlock): Timestamp =>
  timestampOf(Math.max(index * 2 ** bits, BEFORE_YEAR_ZERO) - YEAR_ZERO);

/** Whether all of a block is earlier than a place. */
export const isEarlier = ({ bits, index }: TimeBlock, place: Timestamp): boolean =>
  (index + 1) * 2 ** bits <= offsetOf(place);

/**
 * All time up to and with `newest`, newest first: blocks that become larger the older they are, so that there are few of
 * them, and the first are small.
 */
export const blocksUpTo = (newest: Timestamp): Generator<TimeBlock> =>
  blocks(Math.floor(offsetOf(newest) / 2 ** SMALLEST_BITS) + 1, SMALLEST_BITS);

/** All time before the begin of a block, newest first, in large blocks at once. */
export const blocksBefore = (begin: Timestamp): Generator<TimeBlock> =>
  blocks(Math.floor(offsetOf(begin) / 2 ** SMALLEST_BITS), LARGEST_BITS);

/** `before` in smallest blocks: what lies before it is still to come. */
function* blocks(before: number, largest: number): Generator<TimeBlock> {
  while (before * 2 ** SMALLEST_BITS > BEFORE_YEAR_ZERO) {
    let bits = SMALLEST_BITS;
    let size = 1;
    while (bits < largest && before % (size * 2) === 0) {
      size *= 2;
      bits += 1;
    }
    before -= size;
    yield { bits, index: before / size };
    largest = Math.min(LARGEST_BITS, largest + 4);
  }
}
