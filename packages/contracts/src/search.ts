/**
 * How Fio reads text when it searches: one function for both databases, whose own rules differ, and for whoever marks
 * what was found. Two texts match when their folded words do.
 */

/** Marks that readers write or leave out: accents and the like, points of Hebrew, vowels of Arabic; not Indic vowels. */
const LOOSE_MARKS = /[\p{M}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]]/gv;
/** What joins or colours emoji, and what breaks or steers lines without being seen. */
const UNSEEN = /[\p{Emoji_Modifier}\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Accents, case, width and style are gone: `São` and `ＳＡＯ` are `sao`, `ª` is `a`, `ß` is `ss`. For comparing, not
 * for showing.
 */
export function fold(text: string): string {
  return (
    text
      .normalize("NFKD")
      .replace(LOOSE_MARKS, "")
      .replace(UNSEEN, "")
      // Up and down again, since only the way up makes ß to ss and the three sigmas to two.
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

/** Longer words are cut here, in texts and in queries alike; an index has its limits. */
const WORD_CHARACTERS = 64;
/** No real text reaches it: only letters that stand for whole phrases (U+FDFA) grow when they are folded. */
const TEXT_UNITS = 262_144;

const cut = (word: string): string =>
  word.length <= WORD_CHARACTERS ? word : Array.from(word).slice(0, WORD_CHARACTERS).join("");

const foldedText = (text: string): string => fold(text).slice(0, TEXT_UNITS);

/** Digits joined by what stands within a phone number, once folded. */
const NUMBER_RUN = new RegExp(
  String.raw`(?<!${LETTERS})[0-9]+(?:[\x20+\-.\(\)\/\u2010-\u2015]{1,3}[0-9]+)*(?!${LETTERS})`,
  "gv",
);
/** Where one number may end and the next begin. */
const BETWEEN_NUMBERS = /[ /]+/u;
const PHONE_DIGITS = { least: 8, most: 15 };
/** A phone number is written with and without the codes of its country and area: these endings of it are words too. */
const ENDINGS = [8, 9, 10, 11];
/** Of all such words of a text. No real text reaches it; a text of single digits would fill an index. */
const PHONE_CHARACTERS = 160_000;

const digitsOf = (text: string): string => text.replace(/[^0-9]/gu, "");
const isPhone = (digits: string): boolean =>
  digits.length >= PHONE_DIGITS.least && digits.length <= PHONE_DIGITS.most;

/** Every stretch of neighbouring pieces that has as many digits as a phone number: `91234-5678 10` holds one and an hour. */
function* phonesIn(folded: string): Generator<string> {
  for (const [run] of folded.matchAll(NUMBER_RUN)) {
    const pieces = run.split(BETWEEN_NUMBERS).map(digitsOf).filter(Boolean);
    for (let first = 0; first < pieces.length; first += 1) {
      let digits = "";
      for (const piece of pieces.slice(first, first + PHONE_DIGITS.most)) {
        digits += piece;
        if (digits.length > PHONE_DIGITS.most) break;
        if (isPhone(digits)) yield digits;
      }
    }
  }
}

/**
 * The distinct folded words of a text, in the order in which they come first: letters and digits, or one emoji. Phone
 * numbers follow: whole, however they are divided, and by their endings.
 */
export function words(text: string): string[] {
  const folded = foldedText(text);
  const found = new Set<string>();
  for (const [word] of folded.matchAll(WORD)) found.add(cut(word));
  let room = PHONE_CHARACTERS;
  for (const digits of phonesIn(folded)) {
    for (const length of [digits.length, ...ENDINGS]) {
      if (length > digits.length) continue;
      const word = digits.slice(-length);
      if (found.has(word)) continue;
      room -= length + 1;
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
  const folded = foldedText(query);
  const terms = new Map<string, Term>();
  const addWords = (text: string): void => {
    for (const [match] of text.matchAll(WORD)) {
      const word = cut(match);
      if (!terms.has(word)) terms.set(word, { word, parts: null });
    }
  };
  const addNumber = (text: string): void => {
    const digits = digitsOf(text);
    const parts = [...new Set(Array.from(text.matchAll(WORD), ([word]) => word))];
    if (!isPhone(digits) || digits === text) addWords(text);
    else if (!terms.has(digits)) terms.set(digits, { word: digits, parts });
  };
  let at = 0;
  for (const { 0: run, index } of folded.matchAll(NUMBER_RUN)) {
    addWords(folded.slice(at, index));
    if (digitsOf(run).length > PHONE_DIGITS.most) run.split(BETWEEN_NUMBERS).forEach(addNumber);
    else addNumber(run);
    at = index + run.length;
  }
  addWords(folded.slice(at));
  return [...terms.values()];
}
