import { digitsOf, findableAs, isPhone, phonesIn, splitAtNumbers, withoutCountry } from "./phone-numbers.ts";

/**
 * How Fio reads text when it searches: one function for both databases, whose own rules differ, and for the app, which
 * marks the hits. Two texts match when their folded words do.
 */

/** Half of the world's texts, and most of the long ones. */
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/u.test(text);

/** Marks that readers write or leave out: accents and the like, points of Hebrew, vowels of Arabic; not Indic vowels. */
const LOOSE_MARKS = /[\p{M}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]]/gv;
/** Joiners and colours of emoji, and invisible characters that break or direct lines. */
const UNSEEN = /[\p{Emoji_Modifier}\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Removes accents, case, width and style: `São` and `ＳＡＯ` are `sao`, `ª` is `a`, `ß` is `ss`. For comparing, not
 * for showing.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return (
    text
      .normalize("NFKD")
      .replace(LOOSE_MARKS, "")
      .replace(UNSEEN, "")
      // Upper case first, then lower: only upper-casing turns ß into SS and merges the sigmas.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .replaceAll("ς", "σ")
      .normalize("NFC")
  );
}

const LETTERS = String.raw`[\p{L}\p{N}\p{M}]`;
/** Scripts written without spaces: each character counts as a word. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
const WORD = new RegExp(
  String.raw`[${LETTERS}--${UNSPACED}]+|[${LETTERS}&&${UNSPACED}]|\p{RI}{2}|\p{Extended_Pictographic}`,
  "gv",
);

/** Longer words are cut, in texts and in queries alike, since an index limits the length of its keys. */
const WORD_CHARACTERS = 64;
/** No real text reaches it: only letters that stand for whole phrases (U+FDFA) grow when they are folded. */
const TEXT_UNITS = 262_144;

const cut = (word: string): string =>
  word.length <= WORD_CHARACTERS ? word : Array.from(word).slice(0, WORD_CHARACTERS).join("");

const foldedText = (text: string): string => fold(text).slice(0, TEXT_UNITS);

/** Of all words for phone numbers in a text. No real text reaches it; one of single digits would fill an index. */
const PHONE_CHARACTERS = 160_000;

/**
 * The distinct folded words of a text, in the order in which they come first: letters and digits, or one emoji. Phone
 * numbers follow: whole, however they are divided, and by their endings.
 */
export function words(text: string): string[] {
  const folded = foldedText(text);
  // Not `matchAll`: every message that comes is read here, and an object for each word was a tenth of a worker's garbage.
  const found = new Set((folded.match(WORD) ?? []).map(cut));
  let room = PHONE_CHARACTERS;
  for (const { digits } of phonesIn(folded)) {
    for (const word of findableAs(digits)) {
      if (found.has(word)) continue;
      room -= word.length + 1;
      if (room < 0) return [...found];
      found.add(word);
    }
  }
  return [...found];
}

/** A text matches when it holds `word` or, where there are any, all of `parts`. */
export type Term = {
  word: string;
  /** The words that a divided number is made of: it may be a date, or the text was indexed before phone numbers were. */
  parts: string[] | null;
};

/** What a query asks for, distinct and in its order. A divided phone number is one term. */
export function queryTerms(query: string): Term[] {
  const terms = new Map<string, Term>();
  const add = (term: Term): void => {
    if (!terms.has(term.word)) terms.set(term.word, term);
  };
  for (const { text, isNumber } of splitAtNumbers(foldedText(query))) {
    const parts = Array.from(text.matchAll(WORD), ([word]) => cut(word));
    const digits = digitsOf(text);
    const word = withoutCountry(digits);
    if (isNumber && isPhone(digits) && word !== text) add({ word, parts: [...new Set(parts)] });
    else for (const word of parts) add({ word, parts: null });
  }
  return [...terms.values()];
}

/**
 * On the answer to a search that took too long: the timestamp as far back as it has looked. The next page goes on from
 * there; this one may hold less than was asked for, or nothing.
 */
export const SEARCHED_HEADER = "X-Searched-Back-To";

/** From so many characters on, the last word of a query may be the beginning of one in the text. */
export const PREFIX_FROM = 2;

/** A part of a text, in UTF-16 units. */
export type Span = { from: number; to: number };

/** What a search for `query` finds in the text, in its order; a phone number as a whole, however it is divided. */
export function matchesIn(text: string, query: string): Span[] {
  const terms = queryTerms(query);
  if (terms.length === 0) return [];
  const { folded, spanOf } = foldInPlace(text);
  const last = terms.at(-1)?.word;
  const isFound = (word: string, term: string, mayBegin: boolean): boolean =>
    word === term || (mayBegin && Array.from(term).length >= PREFIX_FROM && word.startsWith(term));

  const phones = Array.from(phonesIn(folded), (phone) => ({ phone, words: findableAs(phone.digits) }));
  const spans: Span[] = [];
  const wanted: Array<{ word: string; mayBegin: boolean }> = [];
  for (const { word: term, parts } of terms) {
    const mayBegin = term === last;
    const found = phones.filter(({ words }) => words.some((word) => isFound(word, term, mayBegin)));
    spans.push(...found.map(({ phone }) => withItsSigns(folded, phone)));
    if (parts === null) wanted.push({ word: term, mayBegin });
    else if (found.length === 0) {
      wanted.push(
        ...parts.map((word, index) => ({ word, mayBegin: mayBegin && index === parts.length - 1 })),
      );
    }
  }
  for (const { 0: match, index } of folded.matchAll(WORD)) {
    const word = cut(match);
    for (const { word: term, mayBegin } of wanted) {
      if (!isFound(word, term, mayBegin)) continue;
      spans.push({ from: index, to: index + (word === term ? match : term).length });
    }
  }
  return joined(spans.map(spanOf));
}

/** Where `query` first stands in the text, accents and the like aside, be it within a word; `null` where it does not. */
export function firstIn(text: string, query: string): Span | null {
  const wanted = foldInPlace(query).folded;
  if (wanted === "") return null;
  const { folded, spanOf } = foldInPlace(text);
  const at = folded.indexOf(wanted);
  return at < 0 ? null : spanOf({ from: at, to: at + wanted.length });
}

/** `+55 (11) …` with what stands before its first digit. */
function withItsSigns(folded: string, { from, to }: Span): Span {
  const hasBracket = folded.slice(from, to).includes(")");
  let start = from;
  while (folded[start - 1] === "+" || (hasBracket && folded[start - 1] === "(")) start -= 1;
  return { from: start, to };
}

function joined(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const before = apart.at(-1);
    if (before === undefined || from > before.to) apart.push({ from, to });
    else before.to = Math.max(before.to, to);
  }
  return apart;
}

/** A character with all that may be folded only together with it. */
const CHARACTER = new RegExp(
  String.raw`[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+|[^\p{M}][\p{M}${UNSEEN.source.slice(1, -1)}]*|[\p{M}]+`,
  "gsu",
);

/** Folds a text and keeps where each unit of it comes from. */
function foldInPlace(text: string): { folded: string; spanOf: (span: Span) => Span } {
  if (isAscii(text)) return { folded: text.toLowerCase(), spanOf: (span) => span };
  const known = new Map<string, string>();
  const spans: Span[] = [];
  let folded = "";
  for (const { 0: character, index } of text.matchAll(CHARACTER)) {
    const one = known.get(character) ?? fold(character);
    known.set(character, one);
    folded += one;
    const span = { from: index, to: index + character.length };
    for (let unit = 0; unit < one.length; unit += 1) spans.push(span);
  }
  return {
    folded,
    spanOf: ({ from, to }) => ({ from: spans[from]?.from ?? 0, to: spans[to - 1]?.to ?? text.length }),
  };
}
