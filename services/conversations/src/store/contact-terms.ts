import { fold } from "@fio/contracts";
import { digitsOf } from "@fio/contracts/phone-numbers";

/** So few digits begin too many numbers to be looked for. */
export const LEAST_PHONE_DIGITS = 3;
/** Of a longer name or number the rest is not found; nobody's is. */
const MOST_WORDS = 12;
const MOST_DIGITS = 20;

/** The words of a name, without accents and case. */
export const wordsOfName = (text: string): string[] =>
  (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS);

/**
 * By what a contact is found, each by its beginning: the words of its name, and every ending of its number, so that any
 * part of that is the beginning of one. Digits stand behind a plus sign, apart from names.
 */
export function termsOf({ name, phone }: { name: string | null; phone: string | null }): string[] {
  const digits = digitsOf(phone ?? "").slice(-MOST_DIGITS);
  const endings = Array.from({ length: Math.max(0, digits.length - LEAST_PHONE_DIGITS + 1) }, (_, from) =>
    phoneTerm(digits.slice(from)),
  );
  return [...new Set([...wordsOfName(name ?? ""), ...endings])];
}

export const phoneTerm = (digits: string): string => `+${digits}`;
