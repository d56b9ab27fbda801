/**
 * Digits in a folded text that may be a phone number. People write one with and without the codes of its country and
 * area, and divide it as they like.
 */

/** Joined by what stands within a phone number; letters and other digits beside it make it something else. */
const RUN = /(?<![\p{L}\p{N}\p{M}])[0-9]+(?:[ +\-.()/\u2010-\u2015]{1,3}[0-9]+)*(?![\p{L}\p{N}\p{M}])/gu;
/** What stands between two places where one number may end and the next begin. */
const PIECE = /[^ /]+/gu;
const LEAST_DIGITS = 8;
const MOST_DIGITS = 15;
const ENDINGS = [8, 9, 10, 11];

/** Where it stands in the text: from its first digit to behind its last. */
export type PhoneNumber = { digits: string; from: number; to: number };

export const digitsOf = (text: string): string => text.replace(/[^0-9]/gu, "");

export const isPhone = (digits: string): boolean =>
  digits.length >= LEAST_DIGITS && digits.length <= MOST_DIGITS;

const BRAZILIAN = /^55(\d{2})(\d{4,5})(\d{4})$/u;

/** Digits with the code of their country as people read them: `+55 11 91234-5678`. */
export const shownPhone = (digits: string): string => `+${digits.replace(BRAZILIAN, "55 $1 $2-$3")}`;

/** Brazil, an area code, and a mobile number as it was before 2012: eight digits, of which the first is 6 to 9. */
const WITHOUT_NINTH = /^55([1-9]{2})([6-9]\d{7})$/u;
/** The same with its ninth digit. */
const WITH_NINTH = /^55([1-9]{2})9([6-9]\d{7})$/u;
/** An area code of Brazil and a number, as people there write it to each other. */
const WITHIN_BRAZIL = /^[1-9]{2}(?:9\d{8}|[2-9]\d{7})$/u;

/** One name of a mobile number of Brazil, which is written with its ninth digit and without; others stay as they are. */
export const withNinthDigit = (digits: string): string => digits.replace(WITHOUT_NINTH, "55$19$2");

/**
 * What a number may be in full, with the code of its country: two that share one of these are the same, however they are
 * written. Without a plus sign one of Brazil and one of another country may look alike.
 */
export function fullNumbersOf(written: string): string[] {
  const digits = digitsOf(written).replace(/^0+/u, "");
  if (!isPhone(digits)) return [];
  const saysCountry = /^\s*(?:\+|00)/u.test(written);
  const within = !saysCountry && WITHIN_BRAZIL.test(digits) ? [`55${digits}`] : [];
  return [...new Set([digits, ...within].map(withNinthDigit))];
}

/** With what the digits of such a number end, whether or not its country and its ninth digit are written. */
export function endingsOf(full: string): string[] {
  if (!full.startsWith("55") || !WITHIN_BRAZIL.test(full.slice(2))) return [full];
  return [full.slice(2), ...(WITH_NINTH.test(full) ? [full.replace(WITH_NINTH, "$1$2")] : [])];
}

/** A phone number is found as a whole and by these endings. */
export const findableAs = (digits: string): string[] =>
  [digits.length, ...ENDINGS]
    .filter((length) => length <= digits.length)
    .map((length) => digits.slice(-length));

/** By what a query looks for a number: the text may have it without the code of its country, or with another prefix. */
export const withoutCountry = (digits: string): string => digits.slice(-Math.max(...ENDINGS));

/** Every stretch of neighbouring pieces with as many digits as a phone number: `91234-5678 10` holds one and an hour. */
export function* phonesIn(folded: string): Generator<PhoneNumber> {
  if (!/[0-9]/u.test(folded)) return;
  for (const { 0: run, index } of folded.matchAll(RUN)) {
    const pieces = piecesOf(run, index);
    for (const [first, { from }] of pieces.entries()) {
      let digits = "";
      for (const piece of pieces.slice(first, first + MOST_DIGITS)) {
        digits += piece.digits;
        if (digits.length > MOST_DIGITS) break;
        if (isPhone(digits)) yield { digits, from, to: piece.to };
      }
    }
  }
}

function piecesOf(run: string, at: number): PhoneNumber[] {
  return Array.from(run.matchAll(PIECE), ({ 0: piece, index }) => ({
    digits: digitsOf(piece),
    from: at + index + piece.search(/[0-9]/u),
    to: at + index + piece.search(/[0-9][^0-9]*$/u) + 1,
  })).filter(({ digits }) => digits !== "");
}

/** A folded query cut into numbers, each of which is meant as one, and what stands between them. */
export function* splitAtNumbers(folded: string): Generator<{ text: string; isNumber: boolean }> {
  let at = 0;
  for (const { 0: run, index } of folded.matchAll(RUN)) {
    yield { text: folded.slice(at, index), isNumber: false };
    const pieces =
      digitsOf(run).length <= MOST_DIGITS ? [run] : Array.from(run.matchAll(PIECE), ([piece]) => piece);
    for (const text of pieces) yield { text, isNumber: true };
    at = index + run.length;
  }
  yield { text: folded.slice(at), isNumber: false };
}
