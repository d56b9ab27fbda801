import type { Redis } from "ioredis";
import type { Log } from "@fio/service/log";
import { entryFrom, type Entry } from "./entry.ts";
import { BEGINNING, comparePositions, type Position } from "@fio/contracts";

/** The stream of changes in Redis, as one connection reads it. All throw what Redis throws. */
export type ChangeStream = {
  /** What comes after a place, waited for up to `blockMs`. */
  next: (after: Position, options: { count: number; blockMs: number }) => Promise<Entry[]>;
  /** The next entries after a place, or that what came after it cannot be told any more. */
  resume: (after: Position, count: number) => Promise<{ entries: Entry[]; broken: boolean }>;
  /** What the server holds that is asked now. */
  holdings: () => Promise<{ extent: Extent; history: History | null }>;
  /** Rises with every new connection, which may lead to another server. */
  connection: () => number;
};

/** What a stream holds, and whether it ever held more. */
export type Extent = { first: Position | null; last: Position; trimmed: boolean };

/**
 * Whose writes a server has: `id` changes with every server that takes over and with every start, `before` is the one
 * that it took over from, `null` when it has its writes from its own disk.
 */
export type History = { id: string; before: string | null };

type RawEntry = [Position, string[]];

export function createChangeStream({
  redis,
  key,
  graceMs,
  log,
}: {
  redis: Redis;
  key: string;
  graceMs: number;
  log: Log;
}): ChangeStream {
  let connections = 0;
  redis.on("ready", () => (connections += 1));
  const entriesFrom = (raw: readonly RawEntry[]): Entry[] =>
    raw.map(([position, fields]) => {
      try {
        return entryFrom(position, fields, { graceMs });
      } catch (error) {
        log.error({ err: error, position }, "an entry of the stream cannot be read, clients go without it");
        return { position, rows: [], messages: [], given: [], erased: [], size: 0 };
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
    holdings: async () => {
      const [stream, replication] = (await redis
        .pipeline()
        .xinfo("STREAM", key)
        .info("replication")
        .exec()) as [[Error | null, unknown], [Error | null, unknown]];
      return { extent: extentFrom(...stream), history: historyFrom(...replication) };
    },
    connection: () => connections,
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

/** `null` where a client may not ask. */
function historyFrom(error: Error | null, info: unknown): History | null {
  if (error !== null) {
    if (/^(NOPERM|ERR unknown command)/.test(error.message)) return null;
    throw error;
  }
  const field = (name: string) => new RegExp(`^${name}:(\\w+)`, "m").exec(String(info))?.[1];
  const [id, before] = [field("master_replid"), field("master_replid2")];
  if (id === undefined) return null;
  return { id, before: before === undefined || /^0*$/.test(before) ? null : before };
}

/**
 * Whether a server has every change that the one before it had. One that was started again with its disk has; a replica
 * that took over may lack the last of them, and nothing in its stream tells. Where it cannot be asked, nobody knows.
 */
export function goesOn(before: History | null, now: History | null): boolean {
  if (before === null || now === null) return false;
  return now.id === before.id || now.before === null;
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
