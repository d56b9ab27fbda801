import type { Redis } from "ioredis";
import { keysOf, MAX_PARTITIONS, PARTITIONS_USED_KEY } from "@fio/contracts";

/**
 * Among how many partitions conversations are divided. `epoch` rises with each change; `was` is their number before it.
 * Each partition knows it by a key of its own, and takes a flush only under the layout that it knows.
 */
export type Layout = { epoch: number; count: number; was: number };

/** As an installation has it that was never changed: without any key. */
export const FIRST_LAYOUT: Layout = { epoch: 0, count: 1, was: 1 };

/** How the key of a partition says it; while it is closed the partition takes nothing. */
export const layoutText = ({ epoch, count, was }: Layout, state: "open" | "closed" = "open"): string =>
  `${epoch} ${count} ${was} ${state}`;

/** What a partition answers to a flush under another layout than its own. */
export const ANOTHER_LAYOUT = "ANOTHERLAYOUT";

/** Lua: what a partition knows; without the key it is {@link FIRST_LAYOUT}. */
export const READ_LAYOUT = `
local function readLayout(key)
  local text = redis.call('GET', key) or '${layoutText(FIRST_LAYOUT)}'
  local epoch, count, was, state = string.match(text, '^(%d+) (%d+) (%d+) (%a+)$')
  return { text = text, epoch = tonumber(epoch), count = tonumber(count), was = tonumber(was), open = state == 'open' }
end
`;

type Known = { layout: Layout; isOpen: boolean };

function parse(text: string | null): Known {
  const [epoch, count, was, state] = (text ?? layoutText(FIRST_LAYOUT)).split(" ");
  const layout = { epoch: Number(epoch), count: Number(count), was: Number(was) };
  const isSound = [layout.count, layout.was].every((one) => one >= 1 && one <= MAX_PARTITIONS);
  if (!isSound || !Number.isSafeInteger(layout.epoch)) throw new Error(`no layout of partitions: ${text}`);
  return { layout, isOpen: state === "open" };
}

/** What the first partition knows, which decides. Throws what Redis throws. */
export async function readLayout(first: Redis): Promise<Known> {
  return parse(await first.get(keysOf(0).layout));
}

/** How many partitions may hold events. Throws what Redis throws. */
export async function readPartitionsUsed(first: Redis): Promise<number> {
  const used = Number((await first.get(PARTITIONS_USED_KEY)) ?? 1);
  return Math.min(MAX_PARTITIONS, Math.max(1, used || 1));
}
