import { isUtf8 } from "node:buffer";
import {
  MAX_AHEAD_MS,
  MAX_EVENTS_PER_REQUEST,
  aheadMs,
  faultsOf,
  problemOf,
  postedEvent,
  postedWithoutAuthor,
  type Fault,
  type Problem,
  type PostedEvent,
} from "@fio/contracts";
import type { Signer } from "@fio/service/signature";

/**
 * `array` says whether an array was posted, and so how it is answered. `ahead`: how many milliseconds the timestamp of
 * each event is ahead of our clock. `ignoredAuthors`: how many messages name an author that does not count.
 */
export type Read =
  | { kind: "events"; events: PostedEvent[]; array: boolean; ahead: number[]; ignoredAuthors: number }
  | { kind: "refused"; problem: Problem };

export const MAX_FAULTS = 100;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The events in a body, normalised: all of them valid, or none taken. `now` in milliseconds. Only the web app knows which
 * agent wrote a message: from any other signer an author is an unknown key.
 */
export function readEvents(body: Buffer, { now, signer }: { now: number; signer: Signer }): Read {
  if (body.length === 0) return malformed("the body is empty");
  if (!isUtf8(body)) return malformed("the body is not UTF-8");
  // Some senders write a byte order mark; RFC 8259 lets readers ignore it.
  const marked = body.subarray(0, 3).equals(BYTE_ORDER_MARK);
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8", marked ? 3 : 0));
  } catch (error) {
    return malformed((error as SyntaxError).message);
  }
  const array = Array.isArray(value);
  const candidates = array ? (value as unknown[]) : [value];
  if (candidates.length === 0) return invalid([{ path: "", message: "must contain at least one event" }]);
  if (candidates.length > MAX_EVENTS_PER_REQUEST) {
    return invalid([{ path: "", message: "must contain at most 1,000 events" }]);
  }
  const schema = signer === "web" ? postedEvent : postedWithoutAuthor;
  let ignoredAuthors = 0;
  const events: PostedEvent[] = [];
  const ahead: number[] = [];
  const faults: Fault[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const prefix = array ? [index] : [];
    const parsed = schema.safeParse(candidate);
    if (!parsed.success) {
      faults.push(...faultsOf(parsed.error, prefix));
    } else {
      const ms = aheadMs(parsed.data.timestamp, now);
      if (ms > MAX_AHEAD_MS) faults.push(tooFarAhead(prefix));
      events.push(parsed.data);
      if (signer !== "web" && namesAuthor(candidate)) ignoredAuthors += 1;
      ahead.push(ms);
    }
    if (faults.length >= MAX_FAULTS) break;
  }
  return faults.length === 0
    ? { kind: "events", events, array, ahead, ignoredAuthors }
    : invalid(faults.slice(0, MAX_FAULTS));
}

/** Of a candidate that was found to be valid. */
function namesAuthor(candidate: unknown): boolean {
  const { type, data } = candidate as { type: string; data: object };
  return type === "NEW_MESSAGE" && "author" in data;
}

const tooFarAhead = (prefix: readonly number[]): Fault => ({
  path: prefix.length === 0 ? "timestamp" : `[${prefix[0]}].timestamp`,
  message: "must be at most 24 hours ahead of the server's clock",
});

const malformed = (message: string): Read => ({
  kind: "refused",
  problem: problemOf("MALFORMED_JSON", { errors: [{ path: "", message }] }),
});

const invalid = (errors: Fault[]): Read => ({
  kind: "refused",
  problem: problemOf("INVALID_EVENT", { errors }),
});
