import { millisecondsOf, words, type Timestamp } from "@fio/contracts";

/*
 * Matches must come newest first, and neither index knows an order: it would have to read every match to find the
 * newest fifty, 300 ms for a word of a million messages. So a message also carries, as words, the stretches of time that
 * its place lies in. A search asks for the last seconds first and then for wider and wider stretches, each some 60
 * times the one before, until a page is full: what it reads is about as much whether the word is rare or in every message.
 */

/** Of a stretch, in bits of milliseconds: 16 seconds, 17 minutes, 19 hours, 50 days. */
const STRETCHES = [14, 20, 26, 32];
/** So many of them are no longer than minutes. */
const NARROW = 2;
/** A search for a clock that runs ahead must not become one for hundreds of stretches. */
const MOST_STRETCHES = 32;

/** Of private use, and so in no word of a text. */
const MARK = "\ue000";
/** Makes the milliseconds of the year 0 positive: a sign would split the word. */
const YEAR_ZERO = 2 ** 46;

const stretchOf = (timestamp: Timestamp, bits: number): number =>
  Math.floor((millisecondsOf(timestamp) + YEAR_ZERO) / 2 ** bits);
const stretchWord = (level: number, stretch: number): string => `${MARK}${level}${stretch.toString(36)}`;

/** What `messages.words` holds, for a message at the place `timestamp`: its folded words and those for its time, with a space between. */
export function searchableWords({ content, timestamp }: { content: string; timestamp: Timestamp }): string {
  const times = STRETCHES.map((bits, level) => stretchWord(level, stretchOf(timestamp, bits)));
  return [...words(content), ...times].join(" ");
}

/** `times` are the words of a stretch, of which its messages have one; `narrow`: it holds minutes at most. */
export type Stretch = { times: string[]; narrow: boolean };

/**
 * The stretches to search one after another: from the one before `from` to that of `to`, so that a stretch that has just
 * begun is not searched alone.
 */
export function stretchesFor({ from, to }: { from: Timestamp; to: Timestamp }): Stretch[] {
  return STRETCHES.flatMap((bits, level) => {
    const first = stretchOf(from, bits) - 1;
    const count = stretchOf(to, bits) - first + 1;
    if (count > MOST_STRETCHES) return [];
    const times = Array.from({ length: count }, (_, index) => stretchWord(level, first + index));
    return [{ times, narrow: level < NARROW }];
  });
}
