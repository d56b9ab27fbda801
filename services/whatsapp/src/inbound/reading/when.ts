import { timestampOf, type Timestamp } from "@fio/contracts/instants";
import { MAX_AHEAD_MS } from "@fio/contracts/limits";
import { textOf } from "../../json.ts";

/** From here on a number is one of milliseconds: in seconds it would lie beyond the year 5000. */
const MILLISECONDS_FROM = 1e11;

/**
 * When it happened, from seconds or milliseconds since 1970 as text or number. What cannot be read, or is further ahead
 * than Fio takes, counts as of when it was accepted.
 */
export function whenOf(given: unknown, at: number): Timestamp {
  const text = textOf(given);
  const number = text === null || !/^\d+(\.\d+)?$/.test(text) ? NaN : Number(text);
  const ms = number >= MILLISECONDS_FROM ? number : number * 1_000;
  const isTaken = Number.isFinite(ms) && ms > 0 && ms <= at + MAX_AHEAD_MS / 2;
  return timestampOf(Math.round(isTaken ? ms : at));
}
