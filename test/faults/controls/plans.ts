import { stat, truncate } from "node:fs/promises";
import { RECEIPT_KEY, receiptOf } from "@fio/contracts";
import { demand } from "../demand.ts";
import { freshCreation, underLoad } from "../recovery.ts";
import { HOUR_US, appliedAbove, pairOf } from "../pair.ts";
import { lastAppendOnlyFile } from "../rig/append-only.ts";
import { askRedis } from "../rig/redis.ts";
import type { Rig } from "../rig/rig.ts";
import { LOAD_MS, moreAcknowledged, planted, type Plan } from "./plan.ts";
import { POWER_PLANS } from "./power-cuts.ts";

export const PLANS: Plan[] = [
  {
    bug: "ingest acknowledges before Redis has it",
    finds: "lost",
    rig: { entries: { ingest: planted("ingest-acknowledges-early") } },
    strike: async ({ system }) => {
      await underLoad(LOAD_MS);
      await system.redis.kill();
      await underLoad(500);
      await system.redis.start();
    },
  },
  {
    bug: "a worker drops a job",
    finds: "lost",
    rig: { entries: { conversations: planted("worker-drops-a-job") } },
    strike: () => underLoad(LOAD_MS),
  },
  {
    bug: "a worker skips the deduplication",
    finds: "doubled",
    rig: { entries: { conversations: planted("worker-skips-dedup") } },
    strike: () => underLoad(LOAD_MS),
  },
  {
    bug: "a status goes back",
    finds: "wrong",
    rig: { entries: { conversations: planted("status-goes-back") } },
    strike: () => underLoad(LOAD_MS),
  },
  {
    bug: "a status goes back, with Postgres",
    finds: "wrong",
    long: true,
    rig: { name: "postgres", entries: { conversations: planted("status-goes-back") } },
    strike: () => underLoad(LOAD_MS),
  },
  {
    bug: "an older event overwrites a contact",
    finds: "wrong",
    rig: { entries: { conversations: planted("contact-goes-back") } },
    strike: () => underLoad(LOAD_MS),
  },
  {
    bug: "an older event overwrites a contact, with Postgres",
    finds: "wrong",
    rig: { name: "postgres", entries: { conversations: planted("older-name-comes-back") } },
    strike: () => underLoad(LOAD_MS),
  },
  { bug: "acknowledged bytes are cut off the append-only file", finds: "lost", strike: cutAcknowledgedBytes },
  {
    bug: "REDIS_ACK_REPLICAS=0, and a replica that lags is promoted",
    finds: "lost",
    rig: { name: "failover", ackReplicas: 0 },
    strike: promoteLaggingReplica,
  },
  {
    bug: "a promoted replica is taken for the Redis of the last receipt",
    finds: "repeated",
    rig: { name: "failover", ingests: 2, entries: { ingest: planted("receipts-trust-any-redis") } },
    strike: repeatReceipts,
  },
  ...POWER_PLANS,
];

/**
 * The lost disk that nothing but a replica helps against: what was acknowledged last is not there any more. The worker
 * is down meanwhile: jobs that it has in hand would be applied from its memory, and nothing be missed.
 */
async function cutAcknowledgedBytes(rig: Rig): Promise<void> {
  const { redis } = rig.system;
  await underLoad(LOAD_MS);
  await Promise.all(rig.workers.map((worker) => worker.kill()));
  const file = await lastAppendOnlyFile(redis.dir);
  const { size } = await stat(file);
  await moreAcknowledged(rig);
  await redis.kill();
  await truncate(file, size);
  await redis.start();
  await Promise.all(rig.workers.map((worker) => worker.start()));
}

/** What the replica has not heard is lost with its primary, though it was answered 2xx. No worker took it before. */
async function promoteLaggingReplica(rig: Rig): Promise<void> {
  const pair = pairOf(rig);
  await underLoad(LOAD_MS);
  await Promise.all(rig.workers.map((worker) => worker.kill()));
  await pair.caughtUp();
  await pair.separate();
  await moreAcknowledged(rig);
  await pair.failOver();
  await Promise.all(rig.workers.map((worker) => worker.start()));
}

/**
 * Receipts that one ingest was given and the promoted replica has never heard of; the other ingest, which has just been
 * started and knows none, is the first to ask that replica. Workers, who would tell it of the highest in the store, are
 * down meanwhile.
 */
async function repeatReceipts(rig: Rig): Promise<void> {
  const pair = pairOf(rig);
  const [first, second] = rig.system.ingests;
  demand(first !== undefined && second !== undefined, "there are not two ingests");
  await underLoad(LOAD_MS);
  await second.kill();
  const [receipt] = await rig.sender.deliver([freshCreation(rig)], { ingestUrl: first.url });
  await askRedis(pair.url, (redis) => redis.set(RECEIPT_KEY, receiptOf(Number(receipt) + HOUR_US)));
  await rig.sender.deliver([freshCreation(rig)], { ingestUrl: first.url });
  await pair.caughtUp();
  await pair.separate();
  await appliedAbove(rig, await askRedis(pair.replica().url, (redis) => redis.get(RECEIPT_KEY)));
  await underLoad(LOAD_MS);
  await Promise.all(rig.workers.map((worker) => worker.kill()));
  first.pause();
  await pair.failOver();
  await second.start();
  for (let count = 0; count < 20; count += 1) {
    await rig.sender.deliver([freshCreation(rig)], { ingestUrl: second.url });
  }
  first.resume();
  await Promise.all(rig.workers.map((worker) => worker.start()));
}
