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

/** The distinct folded words of a text, in the order in which they come first: letters and digits, or one emoji. */
export function words(text: string): string[] {
  const found = new Set<string>();
  for (const [word] of fold(text).slice(0, TEXT_UNITS).matchAll(WORD)) {
    found.add(word.length <= WORD_CHARACTERS ? word : Array.from(word).slice(0, WORD_CHARACTERS).join(""));
  }
  return [...found];
}
