import { RECEIPT_KEY, receiptOf } from "@fio/contracts";
import { demand } from "../demand.ts";
import { BOTH, type Fault } from "../fault.ts";
import { nextReceipts } from "../receipts.ts";
import { askRedis } from "../rig/redis.ts";

const HOUR_US = 3_600_000_000;

/** The key runs an hour ahead of the clock, then is gone, and with it the connections, as with a lost Redis. */
const receiptKey: Fault = {
  name: "receipt key set an hour ahead, then lost",
  on: BOTH,
  limitMs: 10_000,
  strike: async (rig) => {
    const { url } = rig.system.redis;
    const before = await nextReceipts(rig);
    const ahead = receiptOf(Number(before.at(-1)) + HOUR_US);
    await askRedis(url, (redis) => redis.set(RECEIPT_KEY, ahead));
    const during = await nextReceipts(rig);
    demand(
      during.every((receipt) => receipt > ahead),
      "receipts did not follow the key",
    );
    await askRedis(url, async (redis) => {
      await redis.del(RECEIPT_KEY);
      await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await redis.call("CLIENT", "KILL", "TYPE", "pubsub");
    });
    const returnedAt = performance.now();
    const after = await nextReceipts(rig);
    const highest = during.toSorted().at(-1) ?? ahead;
    demand(
      after.every((receipt) => receipt > highest),
      `${after.join(", ")} after ${highest}`,
    );
    return {
      proof: `${before.at(-1) ?? ""}, an hour ahead ${during[0] ?? ""}, lost ${after[0] ?? ""}`,
      returnedAt,
    };
  },
};

export const receipts: Fault[] = [receiptKey];
