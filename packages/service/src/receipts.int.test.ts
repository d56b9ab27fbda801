import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Redis } from "ioredis";
import { RECEIPT_KEY, receiptMilliseconds, receiptOf } from "@fio/contracts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { raiseReceiptFloor, takeReceipts } from "./receipts.ts";

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
  const given = await takeReceipts(redis, 1_000, null);
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
  expect(new Set(blocks.flat()).size).toBe(blocks.flat().length);
});

test("receipts go on from a key that was set an hour ahead", async () => {
  const ahead = microsecondsAhead(HOUR);
  await redis.set(RECEIPT_KEY, ahead);
  expect(await takeReceipts(redis, 2, null)).toEqual([
    receiptOf(BigInt(ahead) + 1n),
    receiptOf(BigInt(ahead) + 2n),
  ]);
});

test("receipts go on from the floor when the key was lost", async () => {
  const seen = microsecondsAhead(HOUR);
  expect(await takeReceipts(redis, 1, seen)).toEqual([receiptOf(BigInt(seen) + 1n)]);
});

test("a raised floor lifts the receipts of those who never saw it", async () => {
  const highest = microsecondsAhead(HOUR);
  await raiseReceiptFloor(redis, highest);
  expect(await takeReceipts(redis, 1, null)).toEqual([receiptOf(BigInt(highest) + 1n)]);
});

test("a raised floor never lowers the receipts, and an empty store raises nothing", async () => {
  const [last] = await takeReceipts(redis, 1, microsecondsAhead(HOUR));
  await raiseReceiptFloor(redis, microsecondsAhead(0));
  await raiseReceiptFloor(redis, null);
  expect(await redis.get(RECEIPT_KEY)).toBe(last);
});

test("a key out of the range that numbers hold exactly gives no receipts rather than the same ones again", async () => {
  await redis.set(RECEIPT_KEY, "99999999999999999");
  await expect(takeReceipts(redis, 1, null)).rejects.toThrow("out of range");
});
