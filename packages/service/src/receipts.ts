import type { Redis } from "ioredis";
import { keysOf, receiptOf, type Receipt } from "@fio/contracts";
import { READ_LAYOUT } from "./layout.ts";

/** In receipts, which are microseconds: ten seconds. */
export const LOST_KEY_GAP = 10_000_000;

/** What a caller knows of the receipts given so far. */
export type SeenReceipts = {
  /** The highest that it has seen; `null` when it has seen none. */
  floor: Receipt | null;
  /** The Redis that gave it, by its replication id; empty when no Redis did, or it did not say. */
  giver: string;
  /** Whether this is a connection on which it has taken none yet. */
  newConnection: boolean;
};

export const NOTHING_SEEN: SeenReceipts = { floor: null, giver: "", newConnection: false };

/*
 * Lua: `receiptsAbove(keys, seen)` gives the number above which receipts go on, and which Redis this is. Redis' own
 * clock gives the receipts, since each ingest's would let a close that was sent after an answered message overtake it.
 * Lua's numbers are doubles, exact up to 2^53, which microseconds reach in the year 2255; its tostring rounds to 14
 * digits, hence string.format. A key that someone set out of that range stops the fleet instead of silently repeating
 * receipts.
 *
 * The key cannot be trusted when it was lost, and on a Redis that is not the one that gave the last receipt: a lagging
 * replica or a restored snapshot holds an older one, and its clock may be behind. What others have seen is then
 * unknown: another ingest's receipts, or what waits in the queue beside what is in the store. Ten million are skipped
 * for them. Who gave the last receipt is a key of its own, so that it is as old as the receipt beside it. The
 * replication id tells one Redis from another: a restart and a promotion change it. Where a client may not read it (an
 * ACL without INFO), every new connection counts as another Redis.
 */
export const RECEIPTS_ABOVE = `
local function receiptsAbove(keys, seen)
  local info = redis.pcall('INFO', 'replication')
  local giver = type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or ''
  local key = redis.call('GET', keys.receipt)
  local stored, floor = tonumber(key or '0') or 0, tonumber(seen.floor)
  local another = giver == '' and seen.newConnection == '1'
  if another or (giver ~= '' and stored > 0 and redis.call('GET', keys.giver) ~= giver) then
    stored = stored > 0 and stored + ${LOST_KEY_GAP} or 0
  end
  local elsewhere = seen.giver ~= '' and giver ~= '' and seen.giver ~= giver
  if floor > 0 and (not key or another or elsewhere) then
    floor = floor + ${LOST_KEY_GAP}
  end
  local last = math.max(stored, floor)
  if last > 9007199000000000 then return nil end
  return last, giver, key
end

local function rememberReceipt(keys, last, giver)
  redis.call('SET', keys.receipt, string.format('%.0f', last))
  if giver ~= '' and redis.call('GET', keys.giver) ~= giver then redis.call('SET', keys.giver, giver) end
end
`;

/** The error of a script whose receipts went out of the range of exact numbers. */
export const OUT_OF_RANGE = `redis.error_reply('ERR a receipt is out of range')`;

/**
 * Lua: takes `count` receipts of partition `own` out of `partitions`; gives the first, and which Redis this is. The
 * others follow in steps of `partitions`: each partition gives the numbers of its own residue class, so that no two are equal.
 */
export const TAKE_RECEIPTS = `
${RECEIPTS_ABOVE}
local function takeReceipts(keys, seen, count, own, partitions)
  local last, giver = receiptsAbove(keys, seen)
  if not last then return nil end
  local clock = redis.call('TIME')
  local first = math.max(tonumber(clock[1]) * 1000000 + tonumber(clock[2]), last + 1)
  first = first + (own - first) % partitions
  rememberReceipt(keys, first + (count - 1) * partitions, giver)
  return first, giver
end
`;

const KEYS = "local keys = { receipt = KEYS[1], giver = KEYS[2] }";
const SEEN = "local seen = { floor = ARGV[1], giver = ARGV[2], newConnection = ARGV[3] }";

const TAKE = `
${READ_LAYOUT}
${TAKE_RECEIPTS}
${KEYS}
${SEEN}
local layout = readLayout(KEYS[3])
if not layout.open then return redis.error_reply('ERR the number of partitions is being changed') end
local first, giver = takeReceipts(keys, seen, tonumber(ARGV[4]), tonumber(ARGV[5]), layout.count)
if not first then return ${OUT_OF_RANGE} end
return { string.format('%.0f', first), giver, layout.count }
`;

// Writes only what is missing, so that a full Redis does not keep a worker from starting.
const RAISE = `
${RECEIPTS_ABOVE}
${KEYS}
${SEEN}
local last, giver, key = receiptsAbove(keys, seen)
if not last then return ${OUT_OF_RANGE} end
if last > (tonumber(key or '0') or 0) then rememberReceipt(keys, last, giver) end
`;

/** The arguments of a script, in the order that its `seen` expects. */
export const seenArguments = ({ floor, giver, newConnection }: SeenReceipts): string[] => [
  floor ?? "0",
  giver,
  newConnection ? "1" : "0",
];

/** The receipts of a block: `count` of them from `first` on, `partitions` apart. */
export function receiptBlock(first: number | string, count: number, partitions = 1): Receipt[] {
  return Array.from({ length: count }, (_, index) => receiptOf(Number(first) + index * partitions));
}

/**
 * Takes `count` receipts (at least one), all greater than any that the partition has given and than what the caller has
 * seen: a key that was lost or is older, while the clock was set back, repeats none. Throws what Redis throws.
 */
export async function takeReceipts(
  redis: Redis,
  count: number,
  seen: SeenReceipts = NOTHING_SEEN,
  partition = 0,
): Promise<{ receipts: Receipt[]; giver: string }> {
  const keys = keysOf(partition);
  const given = [keys.receipt, keys.giver, keys.layout, ...seenArguments(seen), count, partition];
  const [first, giver, partitions] = (await redis.eval(TAKE, 3, ...given)) as [string, string, number];
  return { receipts: receiptBlock(first, count, partitions), giver };
}

/**
 * Makes every receipt that a partition gives from now on greater than `floor`, the highest in the store (`null` when it is
 * empty). Workers call it when they start and whenever they reconnect. Throws what Redis throws.
 */
export async function raiseReceiptFloor(redis: Redis, floor: Receipt | null, partition = 0): Promise<void> {
  const seen = seenArguments({ ...NOTHING_SEEN, floor });
  const { receipt, giver } = keysOf(partition);
  await redis.eval(RAISE, 2, receipt, giver, ...seen);
}
