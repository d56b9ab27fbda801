import fc from "fast-check";
import { expect, test } from "vitest";
import { timestampOf, type Timestamp } from "@fio/contracts";
import { beginOf, blocksUpTo, halvesOf, wordsOfBlock, wordsOfTime, type TimeBlock } from "./time-blocks.ts";

const instant = fc
  .integer({ min: Date.parse("0000-01-02T00:00:00Z"), max: Date.parse("9999-12-30T00:00:00Z") })
  .map(timestampOf);
const isIn = (place: Timestamp, block: TimeBlock): boolean => {
  const words = new Set(wordsOfTime(place));
  return wordsOfBlock(block).some((word) => words.has(word));
};

test("every place up to the newest lies in exactly one of few blocks", () => {
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const [place, newest] = a < b ? [a, b] : [b, a];
      const blocks = [...blocksUpTo(newest)];
      expect(blocks.filter((block) => isIn(place, block))).toHaveLength(1);
      expect(blocks.length).toBeLessThan(3_000);
    }),
  );
});

test("blocks come newest first, and touch", () => {
  const blocks = [...blocksUpTo("2026-11-28T12:00:00.000000Z" as Timestamp)];
  for (const [index, block] of blocks.slice(1).entries()) {
    const newer = blocks[index]!;
    expect((block.index + 1) * 2 ** block.bits).toBe(newer.index * 2 ** newer.bits);
  }
  expect(beginOf(blocks.at(-1)!)).toBe("0000-01-01T00:00:00.000000Z");
});

test("a few dozen blocks reach back to 1970", () => {
  const since = [...blocksUpTo("2026-11-28T12:00:00.000000Z" as Timestamp)].filter(
    (block) => beginOf(block) > "1970-01-01T00:00:00.000000Z",
  );
  expect(since.length).toBeLessThan(50);
});

test("a place lies in one half of its block, and in the newer one when it is newer", () => {
  fc.assert(
    fc.property(instant, (place) => {
      for (const block of blocksUpTo(place)) {
        if (!isIn(place, block) || block.bits === 14) continue;
        const [newer, older] = halvesOf(block);
        expect(Number(isIn(place, newer)) + Number(isIn(place, older))).toBe(1);
        expect(isIn(place, newer)).toBe(place >= beginOf(newer));
      }
    }),
  );
});
