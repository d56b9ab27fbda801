/* Instants, without zod, so that browsers can use this file. */

/**
 * An instant in UTC, always as `2025-02-21T10:20:42.349308Z`: 27 characters, six fraction digits.
 * The fixed width makes text order the order in time, and no `Date` is needed, which would drop microseconds.
 */
export type Timestamp = string & { readonly __brand: "Timestamp" };

const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))?$/;

const MINUTE = 60_000;

/**
 * Reads ISO 8601 with up to 9 fraction digits, as .NET, Java and Go write; digits beyond microseconds are cut. No
 * offset means UTC. `null` for anything else, 30 February included.
 */
export function parseTimestamp(text: string): Timestamp | null {
  const match = ISO_8601.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = "", sign, offsetHour, offsetMinute] = match;
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const local = text.slice(0, 19);
  const micros = fraction.slice(0, 6).padEnd(6, "0");
  // Every webhook comes through here, and most timestamps are UTC: those need no `Date`.
  if (sign === undefined) return `${local}.${micros}Z` as Timestamp;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * MINUTE;
  const utc = new Date(Date.parse(`${local}Z`) - (sign === "-" ? -offset : offset)).toISOString();
  // An offset may move the year out of 0000..9999, where the printed form is no longer 27 characters.
  return /^\d{4}-/.test(utc) ? (`${utc.slice(0, 19)}.${micros}Z` as Timestamp) : null;
}

/** From `begin` to before `end`. */
export type TimeSpan = { begin: Timestamp; end: Timestamp };

/** As late as a timestamp can be. */
const LAST = "9999-12-31T23:59:59.999999Z" as Timestamp;

/**
 * Reads a date as the whole day in UTC, or in the offset that follows it (`2025-02-21-03:00`). `null` for anything else.
 */
export function parseDay(text: string): TimeSpan | null {
  const [, date, offset = ""] = /^(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:?\d{2})?$/.exec(text) ?? [];
  const begin = date === undefined ? null : parseTimestamp(`${date}T00:00:00${offset}`);
  if (begin === null) return null;
  const end = timestampOf(millisecondsOf(begin) + DAY_MS);
  // Past the year 9999 the printed form begins with a +, which sorts below all digits.
  return { begin, end: end > begin ? end : LAST };
}

const DAY_MS = 86_400_000;

/** 0 for an invalid month. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** The timestamp of a clock in milliseconds since 1970, as `Date.now()` gives it. */
export function timestampOf(milliseconds: number): Timestamp {
  return `${new Date(milliseconds).toISOString().slice(0, 23)}000Z` as Timestamp;
}

/** Milliseconds since 1970; microseconds are dropped. */
export function millisecondsOf(timestamp: Timestamp): number {
  return Date.parse(`${timestamp.slice(0, 23)}Z`);
}
