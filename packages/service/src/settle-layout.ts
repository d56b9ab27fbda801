import type { Redis } from "ioredis";
import { keysOf, PARTITIONS_USED_KEY } from "@fio/contracts";
import { layoutText, readLayout, READ_LAYOUT, type Layout } from "./layout.ts";
import { OUT_OF_RANGE, RECEIPTS_ABOVE } from "./receipts.ts";

/* The first partition decides: of several who want a change one comes first, and the others see it. */
const PROPOSE = `
${READ_LAYOUT}
if readLayout(KEYS[1]).text ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], math.max(tonumber(redis.call('GET', KEYS[2]) or '1') or 1, ARGV[3], ARGV[4]))
return 1
`;

/* A key of receipts that this Redis did not write itself may be behind: the usual gap is left out for it. */
const LAST_RECEIPT = `
${READ_LAYOUT}
${RECEIPTS_ABOVE}
local keys = { receipt = KEYS[1], giver = KEYS[2] }
local layout, epoch = readLayout(KEYS[3]), tonumber(ARGV[1])
local last, giver = receiptsAbove(keys, { floor = '0', giver = '', newConnection = '1' })
if not last then return ${OUT_OF_RANGE} end
`;

/* From here on a partition takes nothing under an earlier layout. */
const CLOSE = `
${LAST_RECEIPT}
if layout.epoch < epoch then redis.call('SET', KEYS[3], ARGV[2]) end
return { tostring(layout.epoch), string.format('%.0f', last) }
`;

const OPEN = `
${LAST_RECEIPT}
if layout.epoch > epoch or layout.text == ARGV[2] then return tostring(layout.epoch) end
last = math.max(last, tonumber(ARGV[3]))
if last > 0 then rememberReceipt(keys, last, giver) end
redis.call('SET', KEYS[3], ARGV[2])
return tostring(epoch)
`;

/** Somebody made a later change in the meantime. */
class Overtaken extends Error {}

export type LayoutWishes = {
  /** The connection to a partition. */
  at: (partition: number) => Redis;
  /** Resolves once what was written to a partition is as safe as an accepted event must be. */
  confirmed: (partition: number) => Promise<void>;
  /** How many partitions there shall be; `null`: as many as there are. */
  wish: number | null;
  /** What the caller knows: a first partition that lost a later layout gets it back. */
  known: Layout | null;
};

/**
 * The layout that holds from now on, once all of its partitions are open. Finishes what somebody else began; changes the number
 * of partitions at most once. Throws what Redis throws: then repeat it.
 */
export async function settleLayout({ at, confirmed, wish, known }: LayoutWishes): Promise<Layout> {
  let wished = wish;
  let finished = -1;
  for (;;) {
    const { layout, isOpen } = await readLayout(at(0));
    if (isOpen && known !== null && known.epoch > layout.epoch) {
      await propose(at(0), layout, known);
    } else if (!isOpen || (known !== null && known.epoch === layout.epoch && finished < layout.epoch)) {
      // Open and known means that another partition lost it.
      await finish({ layout, at, confirmed }).catch(unlessOvertaken);
      finished = layout.epoch;
    } else if (wished === null || wished === layout.count) {
      return layout;
    } else {
      const next = { epoch: layout.epoch + 1, count: wished, was: layout.count };
      // Before anything is closed: a node that is away would hold it up half way.
      await eachOf(Math.max(next.count, next.was), async (one) => {
        await at(one).del(keysOf(one).pulse);
        await confirmed(one);
      });
      if (await propose(at(0), layout, next)) wished = null;
    }
  }
}

async function propose(first: Redis, from: Layout, to: Layout): Promise<boolean> {
  const given = [layoutText(from), layoutText(to, "closed"), to.count, to.was];
  return (await first.eval(PROPOSE, 2, keysOf(0).layout, PARTITIONS_USED_KEY, ...given)) === 1;
}

async function finish({
  layout,
  at,
  confirmed,
}: Pick<LayoutWishes, "at" | "confirmed"> & { layout: Layout }): Promise<void> {
  const evaluate = (script: string, partition: number, ...given: string[]): Promise<unknown> => {
    const { receipt, giver, layout: key } = keysOf(partition);
    return at(partition).eval(script, 3, receipt, giver, key, String(layout.epoch), ...given);
  };
  const stillOurs = (epoch: string | undefined): void => {
    if (Number(epoch) > layout.epoch) throw new Overtaken();
  };
  const lasts = await eachOf(layout.was, async (one) => {
    const [epoch, last] = (await evaluate(CLOSE, one, layoutText(layout, "closed"))) as [string, string];
    stillOurs(epoch);
    await confirmed(one);
    return Number(last);
  });
  const floor = String(Math.max(...lasts));
  const open = async (one: number): Promise<void> => {
    stillOurs((await evaluate(OPEN, one, layoutText(layout), floor)) as string);
    await confirmed(one);
  };
  await eachOf(layout.count, (one) => (one === 0 ? Promise.resolve() : open(one)));
  // Last: whoever finds the first one open finds all of them so.
  await open(0);
}

function unlessOvertaken(error: unknown): void {
  if (!(error instanceof Overtaken)) throw error;
}

const eachOf = <Value>(count: number, work: (partition: number) => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const LOWER = `
${READ_LAYOUT}
if readLayout(KEYS[1]).text == ARGV[1] then redis.call('SET', KEYS[2], ARGV[2]) end
`;

/** Nothing is left in partitions that a layout does not have: from now on nobody looks there. Throws what Redis throws. */
export async function forgetDrained(first: Redis, layout: Layout): Promise<void> {
  await first.eval(LOWER, 2, keysOf(0).layout, PARTITIONS_USED_KEY, layoutText(layout), layout.count);
}
