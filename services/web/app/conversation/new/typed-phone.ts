import { digitsOf, isPhone, shownPhone } from "@fio/contracts/phone-numbers";

const BRAZIL = "55";
const TYPED = /^\+?[0-9 \-.()/]+$/u;

/**
 * The number that somebody typed, with the code of its country: Brazil's where none is written, as ten or eleven digits
 * have none. `null` where it is no number.
 */
export function phoneTyped(text: string): { id: string; shown: string } | null {
  const trimmed = text.trim();
  const digits = digitsOf(trimmed);
  if (!TYPED.test(trimmed) || !isPhone(digits)) return null;
  const isWhole = trimmed.startsWith("+") || digits.length > 11;
  if (!isWhole && digits.length < 10) return null;
  const id = isWhole ? digits : `${BRAZIL}${digits}`;
  return { id, shown: shownPhone(id) };
}
