import { fold, HANDLES, wordsOfHandle } from "@fio/contracts";

/** Conversations of one of these names, and with one of these tails where there are any. */
export type Named = { handles: readonly number[]; tails: readonly string[] | null };

/** The first and last id that begin as asked for. */
export type IdRange = { first: string; last: string };

const ALL_HANDLES = Array.from({ length: HANDLES }, (_, number) => number);
const FOLDED = ALL_HANDLES.map((number) => {
  const { noun, qualifier } = wordsOfHandle(number);
  return [fold(noun), fold(qualifier)] as const;
});

/** A name's two words and its tail. */
const MOST_WORDS = 3;
/** A single letter begins half of all names. */
const LEAST_LETTERS = 2;
const TAIL = /^[0-9a-f]{1,4}$/;
const TAIL_DIGITS = 4;
/** So many pairs of a name and a tail are looked up: of a name the first digit is enough, of half of one the third. */
const MOST_PAIRS = 4_096;
const LEAST_DIGITS = 4;
const DIGITS = 32;

/**
 * What conversations a query may name, as the app shows them: all its words begin a word of the name or, one of them,
 * begins the tail, which alone must be whole. `face` may be either.
 */
export function namedBy(query: string): Named[] {
  const words = fold(query).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0 || words.length > MOST_WORDS) return [];
  const wholly: Named = { handles: handlesOf(words), tails: null };
  const withTail = words.flatMap((tail, index): Named[] => {
    if (!TAIL.test(tail) || (words.length === 1 && tail.length < TAIL_DIGITS)) return [];
    const handles = handlesOf(words.toSpliced(index, 1));
    return handles.length * 16 ** (TAIL_DIGITS - tail.length) > MOST_PAIRS
      ? []
      : [{ handles, tails: tailsBeginning(tail) }];
  });
  return [wholly, ...withTail].filter(({ handles }) => handles.length > 0);
}

function tailsBeginning(digits: string): string[] {
  const missing = TAIL_DIGITS - digits.length;
  if (missing === 0) return [digits];
  return Array.from(
    { length: 16 ** missing },
    (_, rest) => digits + rest.toString(16).padStart(missing, "0"),
  );
}

export const isAnyHandle = ({ handles }: Named): boolean => handles.length === HANDLES;

/** All of them when there are no words. */
function handlesOf(words: readonly string[]): readonly number[] {
  if (words.length === 0) return ALL_HANDLES;
  if (words.some((word) => word.length < LEAST_LETTERS)) return [];
  return ALL_HANDLES.filter((number) =>
    words.every((word) => FOLDED[number]?.some((own) => own.startsWith(word)) === true),
  );
}

/** The ids that begin with what a query consists of, from four hex digits on; with its hyphens, or with none. */
export function idsBeginning(query: string): IdRange | null {
  const text = fold(query).replace(/^[^0-9a-z]+|[^0-9a-z]+$/g, "");
  const digits = text.replaceAll("-", "");
  if (digits.length < LEAST_DIGITS || digits.length > DIGITS || !/^[0-9a-f]+$/.test(digits)) return null;
  if (text !== digits && text !== withHyphens(digits)) return null;
  return { first: withHyphens(digits.padEnd(DIGITS, "0")), last: withHyphens(digits.padEnd(DIGITS, "f")) };
}

/** The first whole id in a text, with hyphens; also where it was written without. */
export function idIn(text: string): string | null {
  const id = ID.exec(text)?.[0];
  return id === undefined ? null : withHyphens(id.toLowerCase().replaceAll("-", ""));
}

const ID = /(?<![0-9a-f])[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-|[0-9a-f]{12})[0-9a-f]{12}(?![0-9a-f])/i;

const withHyphens = (digits: string): string =>
  [digits.slice(0, 8), ...[8, 12, 16].map((from) => digits.slice(from, from + 4)), digits.slice(20)]
    .filter((part) => part !== "")
    .join("-");
