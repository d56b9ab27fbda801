import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Redis } from "ioredis";
import { keysOf, PARTITIONS_USED_KEY, type Receipt } from "@fio/contracts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { layoutText, readLayout, readPartitionsUsed, type Layout } from "./layout.ts";
import { takeReceipts } from "./receipts.ts";
import { forgetDrained, settleLayout } from "./settle-layout.ts";

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.remove();
});
beforeEach(async () => {
  await redis.flushall();
});

/** `failAfter`: how many questions are answered before Redis is gone. */
function settle(
  wish: number | null,
  { known = null, failAfter = Infinity }: { known?: Layout | null; failAfter?: number } = {},
): Promise<Layout> {
  let left = failAfter;
  const at = (): Redis => {
    left -= 1;
    if (left < 0) throw new Error("Redis is gone");
    return redis;
  };
  return settleLayout({ at, confirmed: () => Promise.resolve(), wish, known });
}
const take = async (partition: number, count = 3): Promise<Receipt[]> =>
  (await takeReceipts(redis, count, undefined, partition)).receipts;
const stateOf = async (partition: number): Promise<string | null> => redis.get(keysOf(partition).layout);

test("an installation that was never changed has one partition, and no key for it", async () => {
  expect(await settle(1)).toEqual({ epoch: 0, count: 1, was: 1 });
  expect(await redis.keys("*")).toEqual([]);
});

test("each partition gives receipts of its own rest, rising, and none that another gives", async () => {
  await settle(3);
  const given = [await take(0), await take(1), await take(2), await take(0), await take(1)];
  for (const [index, receipts] of given.entries()) {
    expect(receipts.map((one) => Number(BigInt(one) % 3n))).toEqual(receipts.map(() => index % 3));
    expect(receipts).toEqual(receipts.toSorted());
  }
  expect(given[3]![0]! > given[0]!.at(-1)!).toBe(true);
  expect(new Set(given.flat()).size).toBe(15);
});

test("whatever is accepted after a change has a higher receipt than all before it, whichever clock runs ahead", async () => {
  let highest = "0";
  // An hour ahead of its clock: as one node's clock may be of another's.
  await take(0);
  await redis.set(keysOf(0).receipt, String(Date.now() * 1_000 + 3_600_000_000));
  for (const [wish, used] of [
    [1, 1],
    [3, 3],
    [2, 3],
    [4, 4],
    [1, 4],
  ] as const) {
    expect((await settle(wish)).count).toBe(wish);
    expect(await readPartitionsUsed(redis)).toBe(used);
    const given: Receipt[] = [];
    for (let partition = 0; partition < wish; partition += 1) given.push(...(await take(partition)));
    expect(given.toSorted()[0]! > highest).toBe(true);
    highest = given.toSorted().at(-1)!;
    for (let partition = wish; partition < used; partition += 1) {
      await expect(take(partition)).rejects.toThrow("being changed");
    }
  }
});

test("of two who want different numbers at the same time both end with the same one, and nothing is left half way", async () => {
  for (let round = 0; round < 10; round += 1) {
    await redis.flushall();
    await Promise.all([settle(3), settle(2), settle(3)]);
    const agreed = await settle(null);
    expect(await readLayout(redis)).toEqual({ layout: agreed, isOpen: true });
    for (let partition = 0; partition < agreed.count; partition += 1) {
      expect(await stateOf(partition)).toBe(layoutText(agreed));
    }
  }
});

test("a change that ended anywhere is finished by whoever comes next", async () => {
  const ends: boolean[] = [];
  for (let failAfter = 1; failAfter < 30; failAfter += 1) {
    await redis.flushall();
    await settle(2);
    const before = [...(await take(0)), ...(await take(1))].toSorted().at(-1)!;
    ends.push(await settle(3, { failAfter }).then(Boolean, () => false));
    const agreed = await settle(3);
    expect(agreed.count).toBe(3);
    for (const partition of [0, 1, 2]) {
      expect(await stateOf(partition)).toBe(layoutText(agreed));
      expect((await take(partition))[0]! > before).toBe(true);
    }
  }
  expect(new Set(ends)).toEqual(new Set([false, true]));
});

test("a partition that lost the layout gets it back, the first one too", async () => {
  const known = await settle(3);
  for (const lost of [2, 0]) {
    const before = [...(await take(0)), ...(await take(1)), ...(await take(2))].toSorted().at(-1)!;
    await redis.del(keysOf(lost).layout);
    expect(await settle(null, { known })).toEqual(known);
    expect(await stateOf(lost)).toBe(layoutText(known));
    expect((await take(lost))[0]! > before).toBe(true);
  }
});

test("two layouts of one epoch, after the first partition lost what it had, end as one", async () => {
  const known = await settle(3);
  await redis.del(keysOf(0).layout);
  const anew = await settle(2);
  expect(anew.epoch).toBe(known.epoch);
  expect(await settle(null, { known })).toEqual(anew);
  expect([await stateOf(0), await stateOf(1)]).toEqual([layoutText(anew), layoutText(anew)]);
});

test("drained partitions are forgotten only while the layout holds that left them", async () => {
  await settle(3);
  const two = await settle(2);
  await settle(3);
  await forgetDrained(redis, two);
  expect(await readPartitionsUsed(redis)).toBe(3);
  await forgetDrained(redis, await settle(1));
  expect(await redis.get(PARTITIONS_USED_KEY)).toBe("1");
});

test("a layout that nobody can have written stops, and is not taken for another one", async () => {
  await redis.set(keysOf(0).layout, "7 0 1 open");
  await expect(settle(1)).rejects.toThrow("no layout");
});
