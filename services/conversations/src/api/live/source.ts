import type { Redis } from "ioredis";
import type { Log } from "@fio/service/log";
import { entryFrom, type Entry } from "./entry.ts";
import { BEGINNING, comparePositions, type Position } from "./position.ts";

/** The stream of changes in Redis, as one connection reads it. All throw what Redis throws. */
export type Source = {
  /** What comes after a place, waited for up to `blockMs`. */
  next: (after: Position, options: { count: number; blockMs: number }) => Promise<Entry[]>;
  /** The next entries after a place, or that what came after it cannot be told any more. */
  resume: (after: Position, count: number) => Promise<{ entries: Entry[]; broken: boolean }>;
  extent: () => Promise<Extent>;
};

/** What a stream holds, and whether it ever held more. */
export type Extent = { first: Position | null; last: Position; trimmed: boolean };

type RawEntry = [Position, string[]];

export function createSource({ redis, key, log }: { redis: Redis; key: string; log: Log }): Source {
  const entriesFrom = (raw: readonly RawEntry[]): Entry[] =>
    raw.map(([position, fields]) => {
      try {
        return entryFrom(position, fields);
      } catch (error) {
        log.error({ err: error, position }, "an entry of the stream cannot be read, clients go without it");
        return { position, rows: [], messages: [], size: 0 };
      }
    });
  return {
    next: async (after, { count, blockMs }) => {
      const answer = await redis.xread("COUNT", count, "BLOCK", blockMs, "STREAMS", key, after);
      return entriesFrom(answer?.[0]?.[1] ?? []);
    },
    resume: async (after, count) => {
      const [range, info] = (await redis
        .multi()
        .xrange(key, `(${after}`, "+", "COUNT", count)
        .xinfo("STREAM", key)
        .exec()) as [[Error | null, RawEntry[]], [Error | null, unknown]];
      if (range[0] !== null) throw range[0];
      return { entries: entriesFrom(range[1]), broken: isBroken(after, extentFrom(...info)) };
    },
    extent: () =>
      redis.xinfo("STREAM", key).then(
        (info) => extentFrom(null, info),
        (error: unknown) => extentFrom(error as Error, null),
      ),
  };
}

function extentFrom(error: Error | null, info: unknown): Extent {
  if (error !== null && !/no such key/i.test(error.message)) throw error;
  const fields = Array.isArray(info) ? info : [];
  const field = (name: string): unknown => fields[fields.indexOf(name) + 1];
  if (fields.length === 0) return { first: null, last: BEGINNING, trimmed: false };
  const first = field("first-entry") as RawEntry | null;
  // Before Redis 7 it does not say how many there were.
  const added = fields.includes("entries-added") ? field("entries-added") : Infinity;
  return {
    first: first?.[0] ?? null,
    last: field("last-generated-id") as Position,
    trimmed: Number(added) > Number(field("length")),
  };
}

/**
 * Whether changes after a place may be gone: the stream has been trimmed past it, or does not reach it, since Redis has
 * lost what it had.
 */
export function isBroken(after: Position, { first, last, trimmed }: Extent): boolean {
  if (comparePositions(after, last) > 0) return true;
  if (after === BEGINNING) return trimmed;
  return first === null ? comparePositions(after, last) < 0 : comparePositions(after, first) < 0;
}
