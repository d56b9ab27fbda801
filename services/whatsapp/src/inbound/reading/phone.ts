import { withNinthDigit } from "@fio/contracts/phone-numbers";

/**
 * A phone number as one name of a person, in digits. WhatsApp names people of some Brazilian areas without the ninth
 * digit, and the same people with it elsewhere. `null` for what is no number.
 */
export function phoneIdOf(given: string | null): string | null {
  if (given === null || !/^[+\d][\d\s().-]*$/.test(given)) return null;
  const digits = given.replace(/\D/g, "");
  return digits === "" ? null : withNinthDigit(digits);
}
