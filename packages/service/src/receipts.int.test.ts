import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Redis } from "ioredis";
import { RECEIPT_KEY, receiptMilliseconds, receiptOf } from "@fio/contracts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { LOST_KEY_GAP, raiseReceiptFloor, takeReceipts } from "./receipts.ts";

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

const HOUR = 3_600_000_000;
const microsecondsAhead = (microseconds: number) => receiptOf(Date.now() * 1000 + microseconds);

test("receipts are the microsecond of acceptance, 16 digits, consecutive within a block", async () => {
  const before = Date.now();
  const { receipts: given } = await takeReceipts(redis, 1_000, null);
  expect(given.every((one) => /^\d{16}$/.test(one))).toBe(true);
  expect(given.map(Number)).toEqual(given.map((_, index) => Number(given[0]) + index));
  expect(receiptMilliseconds(given[0]!)).toBeGreaterThanOrEqual(before - 5);
  expect(receiptMilliseconds(given[0]!)).toBeLessThanOrEqual(Date.now() + 5);
});

test("receipts rise strictly when many take them at once", async () => {
  const other = new Redis(server.url);
  const blocks = await Promise.all(
    Array.from({ length: 200 }, (_, index) => takeReceipts(index % 2 ? redis : other, 1 + (index % 7), null)),
  );
  other.disconnect();
  const given = blocks.flatMap((block) => block.receipts);
  expect(new Set(given).size).toBe(given.length);
  const inOrder = blocks.toSorted((a, b) => a.takenBefore - b.takenBefore);
  expect(inOrder.flatMap((block) => block.receipts)).toEqual(given.toSorted());
});

test("a block says how many receipts were taken before it", async () => {
  await takeReceipts(redis, 3, null);
  await takeReceipts(redis, 4, null);
  expect((await takeReceipts(redis, 1, null)).takenBefore).toBe(7);
});

test("receipts go on from a key that was set an hour ahead", async () => {
  const ahead = microsecondsAhead(HOUR);
  await redis.set(RECEIPT_KEY, ahead);
  expect((await takeReceipts(redis, 2, null)).receipts).toEqual([
    receiptOf(BigInt(ahead) + 1n),
    receiptOf(BigInt(ahead) + 2n),
  ]);
});

const afterLoss = (floor: string) => receiptOf(BigInt(floor) + BigInt(LOST_KEY_GAP) + 1n);

test("receipts go on above the floor when the key was lost", async () => {
  const seen = microsecondsAhead(HOUR);
  expect((await takeReceipts(redis, 1, seen)).receipts).toEqual([afterLoss(seen)]);
});

test("after a lost key an ingest that had seen less repeats no receipt of another", async () => {
  await redis.set(RECEIPT_KEY, microsecondsAhead(HOUR));
  const seenByOne = (await takeReceipts(redis, 1, null)).receipts[0]!;
  const seenByOther = (await takeReceipts(redis, 100_000, null)).receipts.at(-1)!;
  await redis.del(RECEIPT_KEY);
  expect((await takeReceipts(redis, 1, seenByOne)).receipts[0]! > seenByOther).toBe(true);
});

test("after a lost key a worker raises receipts above what still waits in the queue", async () => {
  const inStore = microsecondsAhead(HOUR);
  await raiseReceiptFloor(redis, inStore);
  expect((await takeReceipts(redis, 1, null)).receipts[0]).toEqual(afterLoss(inStore));
});

test("a raised floor lifts the receipts of those who never saw it", async () => {
  const highest = microsecondsAhead(HOUR);
  await redis.set(RECEIPT_KEY, microsecondsAhead(0));
  await raiseReceiptFloor(redis, highest);
  expect((await takeReceipts(redis, 1, null)).receipts).toEqual([receiptOf(BigInt(highest) + 1n)]);
});

test("a raised floor never lowers the receipts, and an empty store raises nothing", async () => {
  const { receipts } = await takeReceipts(redis, 1, microsecondsAhead(HOUR));
  await raiseReceiptFloor(redis, microsecondsAhead(0));
  await raiseReceiptFloor(redis, null);
  expect(await redis.get(RECEIPT_KEY)).toBe(receipts[0]);
});

test("a key out of the range that numbers hold exactly gives no receipts rather than the same ones again", async () => {
  await redis.set(RECEIPT_KEY, "99999999999999999");
  await expect(takeReceipts(redis, 1, null)).rejects.toThrow("out of range");
});
