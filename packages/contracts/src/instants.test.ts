import fc from "fast-check";
import { expect, test } from "vitest";
import { timestampInput } from "./timestamp.ts";
import { millisecondsOf, parseDay, parseTimestamp, timestampOf } from "./instants.ts";

test.each([
  ["2025-02-21T10:20:42.349308", "2025-02-21T10:20:42.349308Z", "no offset is UTC"],
  ["2025-02-21T10:20:42.349308Z", "2025-02-21T10:20:42.349308Z", "Z is UTC"],
  ["2025-02-21T10:20:42", "2025-02-21T10:20:42.000000Z", "no fraction"],
  ["2025-02-21T10:20:42.3", "2025-02-21T10:20:42.300000Z", "a short fraction"],
  ["2025-02-21T10:20:42.000001", "2025-02-21T10:20:42.000001Z", "one microsecond"],
  ["2025-02-21T10:20:42.3493081", "2025-02-21T10:20:42.349308Z", "seven digits, as .NET writes"],
  ["2025-02-21T10:20:42.349308999Z", "2025-02-21T10:20:42.349308Z", "nanoseconds, cut and not rounded"],
  [
    "2025-02-21T23:59:59.999999999",
    "2025-02-21T23:59:59.999999Z",
    "the last nanosecond of a day stays in it",
  ],
  ["2025-02-21T10:20:42.34930812-03:00", "2025-02-21T13:20:42.349308Z", "eight digits and an offset"],
  ["2025-02-21T10:20:42.349308-03:00", "2025-02-21T13:20:42.349308Z", "west of Greenwich"],
  ["2025-02-21T10:20:42.349308+05:30", "2025-02-21T04:50:42.349308Z", "half an hour of offset"],
  ["2025-02-21T10:20:42.349308+0530", "2025-02-21T04:50:42.349308Z", "an offset without a colon"],
  ["2025-01-01T00:30:00.5+01:00", "2024-12-31T23:30:00.500000Z", "an offset over the year's end"],
  ["2024-02-29T23:59:59.999999", "2024-02-29T23:59:59.999999Z", "a leap day"],
  ["2000-02-29T00:00:00", "2000-02-29T00:00:00.000000Z", "a leap day of a century"],
  ["2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00.000000Z", "an offset into a leap day"],
  ["0001-01-01T00:00:00", "0001-01-01T00:00:00.000000Z", "a year that Date would take for 1901"],
  ["9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999Z", "the last microsecond of four digits"],
])("%s is read as %s: %s", (text, timestamp) => {
  expect(parseTimestamp(text)).toBe(timestamp);
});

test.each([
  ["2025-02-30T10:20:42", "30 February"],
  ["2023-02-29T10:20:42", "29 February of no leap year"],
  ["1900-02-29T10:20:42", "29 February of a century"],
  ["2025-04-31T10:20:42", "31 April"],
  ["2025-00-10T10:20:42", "month 0"],
  ["2025-13-10T10:20:42", "month 13"],
  ["2025-01-00T10:20:42", "day 0"],
  ["2025-01-01T24:00:00", "hour 24"],
  ["2025-01-01T10:60:00", "minute 60"],
  ["2025-01-01T10:20:60", "a leap second, which no two systems count alike"],
  ["2025-02-21T10:20:42.1234567890", "10 fraction digits"],
  ["2025-02-21T10:20:42.", "a point without a fraction"],
  ["2025-02-21T10:20", "no seconds"],
  ["2025-02-21", "no time"],
  ["2025-02-21 10:20:42", "a space for the T"],
  [" 2025-02-21T10:20:42", "a space before"],
  ["2025-02-21T10:20:42\n", "a line break after"],
  ["2025-02-21T10:20:42+24:00", "an offset of 24 hours"],
  ["2025-02-21T10:20:42+03:60", "an offset of 60 minutes"],
  ["2025-02-21T10:20:42+03", "an offset without minutes"],
  ["0000-01-01T00:00:00+01:00", "an offset to before the year 0"],
  ["9999-12-31T23:30:00-01:00", "an offset to the year 10000"],
  ["+012025-02-21T10:20:42", "a year of six digits"],
  ["1740133242", "seconds since 1970"],
  ["", "nothing"],
])("%s is refused: %s", (text) => {
  expect(parseTimestamp(text)).toBeNull();
});

test("what was read is read again as itself, in a fixed width, so that text order is time order", () => {
  const instant = fc.record({
    ms: fc.integer({ min: Date.UTC(1, 0, 2), max: Date.UTC(9999, 11, 30) }),
    micros: fc.integer({ min: 0, max: 999 }),
    offset: fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 }),
  });
  const written = ({ ms, micros, offset }: { ms: number; micros: number; offset: number }): string => {
    const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, "0");
    const zone = `${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(Math.abs(offset) % 60)}`;
    const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
    return `${local}${String(micros).padStart(3, "0")}${zone}`;
  };
  fc.assert(
    fc.property(instant, instant, (one, other) => {
      const [a, b] = [parseTimestamp(written(one))!, parseTimestamp(written(other))!];
      expect(a).toHaveLength(27);
      expect(parseTimestamp(a)).toBe(a);
      expect(millisecondsOf(a)).toBe(one.ms);
      expect(a.slice(23, 26)).toBe(String(one.micros).padStart(3, "0"));
      expect(Math.sign(one.ms - other.ms || one.micros - other.micros)).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
    { numRuns: 2_000 },
  );
});

test("every day that exists is read, and no other", () => {
  const date = fc.tuple(
    fc.integer({ min: 0, max: 9999 }),
    fc.integer({ min: 0, max: 13 }),
    fc.integer({ min: 0, max: 32 }),
  );
  fc.assert(
    fc.property(date, ([year, month, day]) => {
      const real = new Date(0);
      real.setUTCFullYear(year, month - 1, day);
      const exists = real.getUTCMonth() === month - 1 && real.getUTCDate() === day && month >= 1;
      const text = [
        String(year).padStart(4, "0"),
        ...[month, day].map((part) => String(part).padStart(2, "0")),
      ];
      expect(parseTimestamp(`${text.join("-")}T00:00:00`) !== null).toBe(exists);
    }),
    { numRuns: 2_000 },
  );
});

test("no text makes the parser throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      parseTimestamp(text);
    }),
  );
});

test("a day is whole, in UTC or in the offset that it carries", () => {
  expect(parseDay("2025-02-21")).toEqual({
    begin: "2025-02-21T00:00:00.000000Z",
    end: "2025-02-22T00:00:00.000000Z",
  });
  expect(parseDay("2025-02-21Z")).toEqual(parseDay("2025-02-21"));
  expect(parseDay("2024-02-29-03:00")).toEqual({
    begin: "2024-02-29T03:00:00.000000Z",
    end: "2024-03-01T03:00:00.000000Z",
  });
  expect(parseDay("2025-01-01+0530")?.begin).toBe("2024-12-31T18:30:00.000000Z");
  // What comes after it cannot be told: nothing does.
  expect(parseDay("9999-12-31")).toEqual({
    begin: "9999-12-31T00:00:00.000000Z",
    end: "9999-12-31T23:59:59.999999Z",
  });
  for (const text of [
    "",
    "2025-02-30",
    "2025-2-1",
    "2025-02-21T00:00:00",
    "2025-02-21 ",
    "0000-01-01+01:00",
  ]) {
    expect(parseDay(text)).toBeNull();
  }
});

test("a clock's timestamp goes there and back", () => {
  expect(timestampOf(Date.UTC(2025, 1, 21, 10, 20, 42, 349))).toBe("2025-02-21T10:20:42.349000Z");
  expect(millisecondsOf(timestampOf(1_740_133_242_349))).toBe(1_740_133_242_349);
});

test("an invalid one is told what would be valid", () => {
  expect(timestampInput.safeParse("yesterday").error?.issues[0]?.message).toContain("ISO 8601");
  expect(timestampInput.safeParse(1_740_133_242).success).toBe(false);
});
