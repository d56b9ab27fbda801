import { expect, test } from "vitest";
import { receipt } from "./receipt.ts";
import { receiptMilliseconds, receiptOf } from "./receipts.ts";

test("a receipt is 16 digits, from numbers and bigints alike", () => {
  expect(receiptOf(1_740_133_242_349_308)).toBe("1740133242349308");
  expect(receiptOf(1_740_133_242_349_308n)).toBe("1740133242349308");
  expect(receiptOf(5)).toBe("0000000000000005");
});

test("a receipt tells the millisecond at which it was given", () => {
  expect(receiptMilliseconds(receiptOf(1_740_133_242_349_999))).toBe(1_740_133_242_349);
});

test.each(["174013324234930", "17401332423493088", "174013324234930x", "", 1_740_133_242_349_308, null])(
  "%j is no receipt",
  (value) => {
    expect(receipt.safeParse(value).success).toBe(false);
  },
);
