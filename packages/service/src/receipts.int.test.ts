import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Redis } from "ioredis";
import { RECEIPT_KEY, receiptMilliseconds, receiptOf, type Receipt } from "@fio/contracts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { until } from "../../../test/support/until.ts";
import { LOST_KEY_GAP, NOTHING_SEEN, raiseReceiptFloor, takeReceipts } from "./receipts.ts";

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
const after = (receipt: string, by: number) => receiptOf(BigInt(receipt) + BigInt(by));
/** Receipts run an hour ahead of the clock from now on: as if the clock had been set back by one. */
const setClockBack = async (client = redis): Promise<void> => {
  await takeReceipts(client, 1);
  await client.set(RECEIPT_KEY, microsecondsAhead(HOUR));
};

/** An ingest, as far as receipts go: it knows what it was given, and by whom. */
function taker(client: Redis) {
  let seen = NOTHING_SEEN;
  const given: Receipt[] = [];
  return {
    given,
    take: async (count: number, { from = client, newConnection = false } = {}): Promise<Receipt[]> => {
      const { receipts, giver } = await takeReceipts(from, count, { ...seen, newConnection });
      seen = { ...seen, floor: receipts.at(-1)!, giver };
      given.push(...receipts);
      return receipts;
    },
  };
}

test("receipts are the microsecond of acceptance, 16 digits, consecutive within a block", async () => {
  const before = Date.now();
  const { receipts: given } = await takeReceipts(redis, 1_000);
  expect(given.every((one) => /^\d{16}$/.test(one))).toBe(true);
  expect(given.map(Number)).toEqual(given.map((_, index) => Number(given[0]) + index));
  expect(receiptMilliseconds(given[0]!)).toBeGreaterThanOrEqual(before - 5);
  expect(receiptMilliseconds(given[0]!)).toBeLessThanOrEqual(Date.now() + 5);
});

test("receipts rise strictly when many take them at once", async () => {
  const other = new Redis(server.url);
  const blocks = await Promise.all(
    Array.from({ length: 200 }, (_, index) => takeReceipts(index % 2 ? redis : other, 1 + (index % 7))),
  );
  other.disconnect();
  const given = blocks.flatMap((block) => block.receipts);
  expect(new Set(given).size).toBe(given.length);
});

test("receipts go on from a key that was set an hour ahead", async () => {
  await setClockBack();
  const ahead = (await redis.get(RECEIPT_KEY))!;
  expect((await takeReceipts(redis, 2)).receipts).toEqual([after(ahead, 1), after(ahead, 2)]);
});

test("receipts go on above the floor when the key was lost", async () => {
  const floor = microsecondsAhead(HOUR);
  expect((await takeReceipts(redis, 1, { ...NOTHING_SEEN, floor })).receipts).toEqual([
    after(floor, LOST_KEY_GAP + 1),
  ]);
});

test("after a lost key an ingest that had seen less repeats no receipt of another", async () => {
  await setClockBack();
  const [one, other] = [taker(redis), taker(redis)];
  await one.take(1);
  const seenByOther = (await other.take(100_000)).at(-1)!;
  await redis.del(RECEIPT_KEY);
  expect((await one.take(1))[0]! > seenByOther).toBe(true);
});

test("after a lost key a worker raises receipts above what still waits in the queue", async () => {
  const inStore = microsecondsAhead(HOUR);
  await raiseReceiptFloor(redis, inStore);
  expect((await takeReceipts(redis, 1)).receipts[0]).toEqual(after(inStore, LOST_KEY_GAP + 1));
});

test("a raised floor lifts the receipts of those who never saw it", async () => {
  const highest = microsecondsAhead(HOUR);
  await takeReceipts(redis, 1);
  await raiseReceiptFloor(redis, highest);
  expect((await takeReceipts(redis, 1)).receipts).toEqual([after(highest, 1)]);
});

test("a raised floor never lowers the receipts, and an empty store raises nothing", async () => {
  await raiseReceiptFloor(redis, null);
  expect(await redis.get(RECEIPT_KEY)).toBeNull();
  await setClockBack();
  const { receipts } = await takeReceipts(redis, 1);
  await raiseReceiptFloor(redis, microsecondsAhead(0));
  await raiseReceiptFloor(redis, null);
  expect(await redis.get(RECEIPT_KEY)).toBe(receipts[0]);
});

test("a key out of the range that numbers hold exactly gives no receipts rather than the same ones again", async () => {
  await redis.set(RECEIPT_KEY, "99999999999999999");
  await expect(takeReceipts(redis, 1)).rejects.toThrow("out of range");
});

/** A replica that stopped hearing of its primary before the last receipts, and was promoted. */
async function promoteLagging(work: (replica: Redis) => Promise<void>): Promise<void> {
  const replica = await startRedis({ args: ["--replicaof", "127.0.0.1", new URL(server.url).port] });
  const client = new Redis(replica.url);
  const synced = async () => (await client.get(RECEIPT_KEY)) === (await redis.get(RECEIPT_KEY));
  await until(synced, { what: "the replica has the key" });
  await client.call("REPLICAOF", "NO", "ONE");
  await work(client);
  client.disconnect();
  await replica.remove();
}

test("a lagging replica that was promoted, its clock behind, repeats no receipt, whichever ingest comes first", async () => {
  for (const first of [0, 1]) {
    await redis.flushall();
    await setClockBack();
    const ingests = [taker(redis), taker(redis)] as const;
    for (const one of ingests) await one.take(5);
    await promoteLagging(async (replica) => {
      // What the replica never heard of: more of one ingest than of the other.
      await ingests[0].take(5);
      await ingests[1].take(50_000);
      const before = [...ingests[0].given, ...ingests[1].given].toSorted().at(-1)!;
      await ingests[first]!.take(5, { from: replica });
      await ingests[1 - first]!.take(5, { from: replica });
      await ingests[first]!.take(5, { from: replica });
      const all = ingests.flatMap(({ given }) => given);
      expect(new Set(all).size).toBe(all.length);
      expect(all.filter((receipt) => receipt > before)).toHaveLength(15);
    });
  }
});

test("an ingest that knows nothing, being new, repeats no receipt on a promoted replica either", async () => {
  await setClockBack();
  const old = taker(redis);
  await old.take(5);
  await promoteLagging(async (replica) => {
    const last = (await old.take(50_000)).at(-1)!;
    expect((await taker(replica).take(1))[0]! > last).toBe(true);
    // Only the first one leaves a gap: receipts do not run away from the clock with every ingest.
    const [one, other] = [taker(replica), taker(replica)];
    const [a, b] = [(await one.take(1))[0]!, (await other.take(1))[0]!];
    expect(b).toBe(after(a, 1));
  });
});

test("a worker that finds a promoted replica makes it leave the gap, before any ingest comes", async () => {
  await setClockBack();
  await takeReceipts(redis, 5);
  await promoteLagging(async (replica) => {
    const last = (await takeReceipts(redis, 1_000)).receipts.at(-1)!;
    await raiseReceiptFloor(replica, null);
    expect((await takeReceipts(replica, 1)).receipts[0]! > last).toBe(true);
  });
});

test("a snapshot that was restored, its clock behind, repeats no receipt", async () => {
  const own = await startRedis();
  const client = new Redis(own.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on("error", () => {});
  const [log, copy] = [join(own.dir, "appendonlydir"), join(own.dir, "copy")];
  await setClockBack(client);
  const ingest = taker(client);
  await ingest.take(5);
  await cp(log, copy, { recursive: true });
  await ingest.take(50_000);
  await own.kill();
  await rm(log, { recursive: true });
  await cp(copy, log, { recursive: true });
  await own.start();
  await taker(client).take(5);
  await ingest.take(5);
  expect(new Set(ingest.given).size).toBe(50_010);
  expect(ingest.given.at(-1)! > ingest.given.at(-6)!).toBe(true);
  client.disconnect();
  await own.remove();
});

test("where Redis may not be asked who it is, every new connection counts as another one", async () => {
  await redis.call("ACL", "SETUSER", "blind", "on", ">secret", "~*", "&*", "+@all", "-info");
  const { port } = new URL(server.url);
  const blind = new Redis(`redis://blind:secret@127.0.0.1:${port}`, { enableReadyCheck: false });
  await setClockBack();
  const ingest = taker(blind);
  const [before] = await ingest.take(1);
  expect(await ingest.take(1)).toEqual([after(before!, 1)]);
  expect(await ingest.take(1, { newConnection: true })).toEqual([after(before!, LOST_KEY_GAP + 2)]);
  expect(await ingest.take(1)).toEqual([after(before!, LOST_KEY_GAP + 3)]);
  blind.disconnect();
  await redis.call("ACL", "DELUSER", "blind");
});
