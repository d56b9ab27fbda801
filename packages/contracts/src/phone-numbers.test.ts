import { expect, test } from "vitest";
import { digitsOf, endingsOf, fullNumbersOf } from "./phone-numbers.ts";

const areSame = (one: string, other: string): boolean =>
  fullNumbersOf(one).some((full) => fullNumbersOf(other).includes(full));

const ANA = [
  "+55 11 91234-5678",
  "5511912345678",
  "(11) 91234-5678",
  "11 9 1234 5678",
  "011 91234-5678",
  "0055 11 91234-5678",
];
const RUI = ["+55 (51) 99876-5432", "555198765432", "51 9876-5432", "(51) 99876.5432", "+55 51 9876 5432"];

test.each(ANA)("%s is one number, however it is written", (written) => {
  expect(ANA.every((other) => areSame(written, other))).toBe(true);
  expect(RUI.some((other) => areSame(written, other))).toBe(false);
});

test.each(RUI)("%s is one number, with the ninth digit and without", (written) => {
  expect(RUI.every((other) => areSame(written, other))).toBe(true);
  const ended = RUI.flatMap((other) => fullNumbersOf(other).flatMap(endingsOf));
  expect(ended.some((ending) => digitsOf(written).endsWith(ending))).toBe(true);
});

test.each([
  ["+55 11 91234-5678", "+55 21 91234-5678"],
  ["+55 11 91234-5678", "91234-5678"],
  ["+1 415 555 2671", "+55 14 15555-2671"],
  // A number of another country that ends alike.
  ["+351 11 91234-5678", "+55 11 91234-5678"],
  ["+55 11 3123-4567", "+55 11 93123-4567"],
  ["12", "12"],
])("%s and %s are not the same", (one, other) => {
  expect(areSame(one, other)).toBe(false);
});

test("a number of another country is the same with a plus sign and without", () => {
  expect(areSame("+1 (415) 555-2671", "14155552671")).toBe(true);
  expect(fullNumbersOf("+1 415 555 2671").flatMap(endingsOf)).toEqual(["14155552671"]);
});
