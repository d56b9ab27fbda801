import { RECEIPT_KEY, receiptOf } from "@fio/contracts";
import type { Redis } from "ioredis";
import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import { namesOf, type Fault } from "../fault.ts";
import { HOUR_US, appliedAbove, highestReceipt, pairOf } from "../pair.ts";
import { everyoneIsServed } from "../probes.ts";
import { nextReceipts } from "../receipts.ts";
import { underLoad } from "../recovery.ts";
import { askRedis } from "../rig/redis.ts";

/**
 * As managed Redis does it, or a name that Sentinel changes: nobody ends the connections to the old primary, which is
 * well and only takes no writes any more.
 */
const failover: Fault = {
  name: "Redis fails over behind one address",
  on: ["failover"],
  limitMs: 10_000,
  strike: async (rig) => {
    const pair = pairOf(rig);
    const [before, after] = [pair.primary().url, pair.replica().url];
    const serving = everyoneIsServed(rig);
    await pair.caughtUp();
    await pair.failOver();
    const returnedAt = performance.now();
    const left = await askRedis(before, fioConnections);
    demand((await askRedis(after, roleOf)) === "master", "the replica was not promoted");
    demand(left > 0, "no connection stayed with the old primary");
    return {
      proof: `${before} became a replica of ${after}, ${left} connections stayed with it`,
      returnedAt,
      ...serving,
    };
  },
};

/**
 * The replica has not heard the last that its primary wrote, and its clock is an hour behind: the primary's receipts are
 * made to run an hour ahead of both clocks, which is the same to all that the promoted one can know. Nothing was answered
 * 2xx that it lacks; what workers had applied by then holds receipts that it would give again.
 */
const laggingReplica: Fault = {
  name: "a replica that lags is promoted, its clock an hour behind",
  on: ["failover"],
  // Its workers are killed, too.
  limitMs: 15_000,
  strike: async (rig) => {
    const pair = pairOf(rig);
    const serving = everyoneIsServed(rig);
    const ahead = receiptOf(Number((await nextReceipts(rig)).at(-1)) + HOUR_US);
    await askRedis(pair.url, (redis) => redis.set(RECEIPT_KEY, ahead));
    await nextReceipts(rig);
    await pair.caughtUp();
    await pair.separate();
    const known = (await askRedis(pair.replica().url, (redis) => redis.get(RECEIPT_KEY))) ?? "0";
    const applied = await appliedAbove(rig, known);
    // From here on nothing is applied from a worker's memory: what was answered 2xx is on the replica, or is lost.
    await Promise.all(rig.workers.map((worker) => worker.kill()));
    await underLoad(2_000);
    const haveNoticed = () => rig.system.ingests.every(({ name }) => rig.watch.wereNotReady().has(name));
    await until(haveNoticed, { what: "both ingests say that they are not ready", limitMs: 5_000 });
    await pair.failOver();
    const returnedAt = performance.now();
    await Promise.all(rig.workers.map((worker) => worker.start()));
    const after = await nextReceipts(rig);
    demand(BigInt(after[0] ?? 0) > applied, `${after.join(", ")} after ${applied} had been applied`);
    return {
      proof: `promoted with receipt ${known} as its last, ${await highestReceipt(rig)} was in the store by then`,
      returnedAt,
      unready: namesOf(rig.system.ingests),
      ...serving,
    };
  },
};

/** Connections of Fio's processes, without the suite's own and the replica's. */
async function fioConnections(redis: Redis): Promise<number> {
  const list = String(await redis.client("LIST"));
  return list
    .split("\n")
    .filter((line) => line.includes(" name=") && !/ name= | name=fio-fault-suite | flags=[SM] /.test(line))
    .length;
}

const roleOf = async (redis: Redis): Promise<string> => String((await redis.role())[0]);

export const failovers: Fault[] = [failover, laggingReplica];
