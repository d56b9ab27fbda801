import type { Redis } from "ioredis";
import { RECEIPT_KEY, TAKEN_KEY, receiptOf, type Receipt } from "@fio/contracts";

/** In receipts, which is microseconds: ten seconds. */
export const LOST_KEY_GAP = 10_000_000;

/*
 * Redis' own clock gives the receipts, since each ingest's would let a close that was sent after an answered message
 * overtake it. Lua's numbers are doubles, exact up to 2^53, which microseconds reach in the year 2255; its tostring
 * rounds to 14 digits, hence string.format. A key that someone set out of that range stops the fleet instead of
 * repeating receipts in silence.
 *
 * When the key was lost, the caller's floor is all there is, and others have seen higher receipts meanwhile: another
 * ingest's own, or what waits in the queue beside what is in the store. Ten million are left out for them.
 */
const LAST = `
local key = redis.call('GET', KEYS[1])
local stored = tonumber(key or '0') or 0
local last = math.max(stored, tonumber(ARGV[1]))
if not key and last > 0 then last = last + ${LOST_KEY_GAP} end
if last > 9007199000000000 then return redis.error_reply('ERR a receipt is out of range') end
`;

const TAKE = `${LAST}
local time = redis.call('TIME')
local first = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), last + 1)
redis.call('SET', KEYS[1], string.format('%.0f', first + tonumber(ARGV[2]) - 1))
local taken = redis.call('INCRBY', KEYS[2], ARGV[2])
return { string.format('%.0f', first), string.format('%.0f', taken - ARGV[2]) }
`;

// Writes only what is missing, so that a full Redis does not keep a worker from starting.
const RAISE = `${LAST}
if last > stored then redis.call('SET', KEYS[1], string.format('%.0f', last)) end
`;

const digits = (floor: Receipt | null): string => floor ?? "0";

/** Consecutive receipts, and how many the fleet had taken before them. */
export type ReceiptBlock = { receipts: Receipt[]; takenBefore: number };

/**
 * Takes `count` consecutive receipts (at least one), all greater than any given before and than `floor`, the highest
 * that the caller has seen: a key that was lost while the clock was set back cannot repeat one. Throws what Redis throws.
 */
export async function takeReceipts(
  redis: Redis,
  count: number,
  floor: Receipt | null,
): Promise<ReceiptBlock> {
  const answer = await redis.eval(TAKE, 2, RECEIPT_KEY, TAKEN_KEY, digits(floor), count);
  const [first, takenBefore] = (answer as [string, string]).map(Number) as [number, number];
  return { receipts: Array.from({ length: count }, (_, index) => receiptOf(first + index)), takenBefore };
}

/**
 * Makes every receipt given from now on greater than `floor`, the highest in the store (`null` when it is empty).
 * Workers call it when they start and whenever they reconnect. Throws what Redis throws.
 */
export async function raiseReceiptFloor(redis: Redis, floor: Receipt | null): Promise<void> {
  await redis.eval(RAISE, 1, RECEIPT_KEY, digits(floor));
}
