import fc from "fast-check";
import { expect, test } from "vitest";
import { comparePlaces, placeOf } from "./place.ts";
import { receiptTimestamp } from "./receipts.ts";
import { receiptMilliseconds, receiptOf } from "./receipts.ts";
import { millisecondsOf, parseTimestamp, timestampOf, type Timestamp } from "./instants.ts";

const RECEIPT = receiptOf(1_740_133_242_349_308);
const at = (text: string): Timestamp => parseTimestamp(text)!;

test.each([
  ["2025-02-21T10:20:41.000001", "2025-02-21T10:20:41.000001Z", "written before it was received"],
  ["2025-02-21T10:20:42.349308", "2025-02-21T10:20:42.349308Z", "in the same microsecond"],
  ["2025-02-21T10:20:42.349309", "2025-02-21T10:20:42.349308Z", "a microsecond ahead"],
  ["2025-02-21T19:20:42", "2025-02-21T10:20:42.349308Z", "nine hours ahead"],
  ["0001-01-01T00:00:00", "0001-01-01T00:00:00.000000Z", "from the first year"],
])("a timestamp of %s stands at %s: %s", (timestamp, place) => {
  expect(placeOf({ timestamp: at(timestamp), receipt: RECEIPT })).toBe(place);
});

test("a receipt is a time to the microsecond", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_007_199_254_740_991 }), (micros) => {
      const receipt = receiptOf(micros);
      const time = receiptTimestamp(receipt);
      expect(parseTimestamp(time)).toBe(time);
      expect(millisecondsOf(time)).toBe(receiptMilliseconds(receipt));
      expect(time.slice(20, 26)).toBe(receipt.slice(-6));
    }),
  );
});

test("of two messages the one that stands earlier comes first, and at one place the one received first", () => {
  const early = { timestamp: at("2025-02-21T10:20:40"), receipt: receiptOf(1_740_133_242_349_310) };
  const ahead = { timestamp: at("2025-02-21T19:20:40"), receipt: RECEIPT };
  expect([ahead, early].toSorted(comparePlaces)).toEqual([early, ahead]);
  const twin = { ...early, receipt: receiptOf(1_740_133_242_349_311) };
  expect([twin, early].toSorted(comparePlaces)).toEqual([early, twin]);
  expect(comparePlaces(early, early)).toBe(0);
});

test("no sender's clock brings a message above one that was received later and written then", () => {
  fc.assert(
    fc.property(fc.nat(86_400_000), fc.integer({ min: 1, max: 1_000_000 }), (aheadMs, laterMs) => {
      const first = { timestamp: timestampOf(1_740_133_242_349 + aheadMs), receipt: RECEIPT };
      const second = {
        timestamp: timestampOf(1_740_133_242_349 + laterMs),
        receipt: receiptOf(1_740_133_242_349_308 + laterMs * 1_000),
      };
      expect(comparePlaces(first, second)).toBeLessThan(0);
    }),
  );
});
