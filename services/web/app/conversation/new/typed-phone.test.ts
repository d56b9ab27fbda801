import { expect, test } from "vitest";
import { phoneTyped } from "./typed-phone.ts";

test.each([
  ["11 91234-5678", "5511912345678", "+55 11 91234-5678"],
  ["(11) 3123-4567", "551131234567", "+55 11 3123-4567"],
  ["+55 11 91234 5678", "5511912345678", "+55 11 91234-5678"],
  ["5511912345678", "5511912345678", "+55 11 91234-5678"],
  ["+351 912 345 678", "351912345678", "+351912345678"],
])("%s is a number with the code of its country", (text, id, shown) => {
  expect(phoneTyped(text)).toEqual({ id, shown });
});

test.each(["", "Ana", "91234-5678", "12", "+", "1234567890123456", "11 9123x-5678"])("%s is none", (text) => {
  expect(phoneTyped(text)).toBeNull();
});
