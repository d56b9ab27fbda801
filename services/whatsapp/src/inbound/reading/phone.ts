/** Brazil, an area code, and a mobile number as it was before 2012: eight digits, of which the first is 6 to 9. */
const WITHOUT_NINTH = /^55([1-9]{2})([6-9]\d{7})$/;

/**
 * A phone number as one name of a person, in digits. WhatsApp names people of some Brazilian areas without the ninth
 * digit, and the same people with it elsewhere. `null` for what is no number.
 */
export function phoneIdOf(given: string | null): string | null {
  if (given === null || !/^[+\d][\d\s().-]*$/.test(given)) return null;
  const digits = given.replace(/\D/g, "");
  return digits === "" ? null : digits.replace(WITHOUT_NINTH, "55$19$2");
}
