import type { Redis } from "ioredis";
import { OUT } from "../keys.ts";

/**
 * Where a message stands on its way to Meta. `sending`: a request is under way, or was when its process died. `asked`: whether
 * it arrived is not known, and its statuses are waited for. `failing`: it did not arrive, or nobody knows, and that is still
 * to be told. The others are ends: `told` means that a status has spoken.
 */
export type Stand = "queued" | "sending" | "asked" | "failing" | "accepted" | "failed" | "told" | "unknown";
const ENDS: readonly Stand[] = ["accepted", "failed", "told", "unknown"];
export const isEnd = (stand: Stand): boolean => ENDS.includes(stand);

export type Entry = {
  stand: Stand;
  /** When the request under way began, in milliseconds. */
  sentAt: number;
  /** How often Meta has refused it for now. */
  tries: number;
  /** What is to be told: the instant in milliseconds, the words, and the end that it leads to. */
  failure: { at: number; detail: string; end: "failed" | "unknown" } | null;
};

/** How long it is known what became of a message, for whoever brings it again. */
const KEPT_MS = 14 * 24 * 60 * 60_000;

/** Begins a message, or begins it anew that is known not to have arrived; 0 for one that needs nothing. */
const TAKE = `
local stand = redis.call('HGET', KEYS[1], 'stand')
if stand and stand ~= 'failed' then
  return (stand == 'accepted' or stand == 'told' or stand == 'unknown') and 0 or 1
end
redis.call('HSET', KEYS[1], 'stand', 'queued', 'tries', '0')
redis.call('PERSIST', KEYS[1])
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
return 1
`;

/** From one of the stands in ARGV[1] to ARGV[2], with the fields that follow; 0 when it stands elsewhere. */
const MOVE = `
local stand = redis.call('HGET', KEYS[1], 'stand')
if not stand or not string.find(ARGV[1], ',' .. stand .. ',', 1, true) then return 0 end
redis.call('HSET', KEYS[1], 'stand', ARGV[2])
for index = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1]) end
if ARGV[3] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
`;

export type Ledger = ReturnType<typeof createLedger>;

/** What is known of each message, and the line of each conversation. Everything throws what Redis throws. */
export function createLedger(redis: Redis) {
  const entryKey = (id: string): string => `${OUT}:message:${id}`;
  const lineKey = (conversation: string): string => `${OUT}:line:${conversation}`;
  const unsentKey = `${OUT}:unsent`;

  return {
    /** Whether there is something to do about it; at the end of its conversation's line from then on. */
    take: async (id: string, conversation: string, now: number): Promise<boolean> =>
      (await redis.eval(TAKE, 3, entryKey(id), lineKey(conversation), unsentKey, id, String(now))) === 1,

    read: async (id: string): Promise<Entry | null> => {
      const fields = ["stand", "sentAt", "tries", "at", "detail", "end"];
      const [stand, sentAt, tries, at, detail, end] = await redis.hmget(entryKey(id), ...fields);
      if (stand === null || stand === undefined) return null;
      return {
        stand: stand as Stand,
        sentAt: Number(sentAt ?? 0),
        tries: Number(tries ?? 0),
        failure:
          typeof detail === "string"
            ? { at: Number(at), detail, end: end === "unknown" ? "unknown" : "failed" }
            : null,
      };
    },

    /** Whether it stood in one of `from`, and now stands in `to`. */
    move: async (
      id: string,
      from: readonly Stand[],
      to: Stand,
      fields: Readonly<Record<string, string | number>> = {},
    ): Promise<boolean> => {
      const flat = Object.entries(fields).flatMap(([name, value]) => [name, String(value)]);
      const expiry = isEnd(to) ? String(KEPT_MS) : "0";
      return (await redis.eval(MOVE, 1, entryKey(id), `,${from.join(",")},`, to, expiry, ...flat)) === 1;
    },

    /** Whose turn it is in a conversation. */
    head: (conversation: string): Promise<string | null> => redis.lindex(lineKey(conversation), 0),

    /** Takes it out of its line; gives whose turn it is then. */
    leave: async (id: string, conversation: string): Promise<string | null> => {
      await redis.lrem(lineKey(conversation), 0, id);
      await redis.zrem(unsentKey, id);
      return redis.lindex(lineKey(conversation), 0);
    },

    /** How many are on their way, and since when the oldest of them, in milliseconds. */
    unsent: async (): Promise<{ count: number; oldest: number | null }> => {
      const [first, count] = [
        await redis.zrange(unsentKey, "0", "0", "WITHSCORES"),
        await redis.zcard(unsentKey),
      ];
      return { count, oldest: first[1] === undefined ? null : Number(first[1]) };
    },

    /** Marks a number as stopped for a reason, or as in order again. */
    stop: async (number: string, detail: string | null): Promise<void> => {
      if (detail === null) await redis.hdel(`${OUT}:stopped`, number);
      else await redis.hset(`${OUT}:stopped`, number, detail);
    },
    stopped: (): Promise<Record<string, string>> => redis.hgetall(`${OUT}:stopped`),
  };
}
