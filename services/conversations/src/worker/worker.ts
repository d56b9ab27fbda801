import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Registry } from "prom-client";
import type { Redis } from "ioredis";
import type { Receipt } from "@fio/contracts";
import type { Log } from "@fio/service/log";
import { openPartitions } from "@fio/service/partitions";
import { exportQueue } from "@fio/service/queue-metrics";
import { raiseReceiptFloor, takeReceipts } from "@fio/service/receipts";
import { connectRedis, impatient, patient } from "@fio/service/redis";
import { warnAboutRedis } from "@fio/service/redis-settings";
import { repeat } from "@fio/service/repeat";
import { createSummary } from "@fio/service/summary";
import { createTakenUpToInAll } from "@fio/service/taken-up-to";
import { carriedOn, type Tracing } from "@fio/service/tracing/tracing";
import { applyBatch } from "../store/apply.ts";
import { BACKFILLS, runBackfills } from "../store/backfills/index.ts";
import { buildReceiptIndexes } from "../store/build-receipt-indexes.ts";
import type { Store } from "../store/connect.ts";
import { highestReceipt } from "../store/receipts.ts";
import { untilDone } from "../store/retry.ts";
import { tellSeen } from "../store/seen-deliveries.ts";
import { writeProbe } from "../store/write-probe.ts";
import { startDeliverer } from "../delivery/deliverer.ts";
import type { Receiver } from "../delivery/post.ts";
import { runRetention, type RetentionTiming } from "../retention/retention.ts";
import { createAnnouncer } from "./announcer.ts";
import { createApplier, type Apply } from "./applier.ts";
import { measureBackfills } from "./backfill-metrics.ts";
import { createGroup } from "./group.ts";
import { createConsumers } from "./consumers.ts";
import { createMetrics } from "./metrics.ts";
import { createProcessor } from "./processor.ts";
import { connectionNameOf } from "./presence.ts";
import { createSettler } from "./settler.ts";
import { createWriteHealth } from "./write-health.ts";

/** Milliseconds; a killed worker's jobs go on after about `lockMs`. */
export type Timing = { lockMs: number; stalledMs: number; drainMs: number; sweepMs: number };

/** Answers that were seen to of which one transaction tells. */
const SEEN_AT_ONCE = 100;

const TIMING: Timing = { lockMs: 6_000, stalledMs: 3_000, drainMs: 8_000, sweepMs: 1_000 };

export type Worker = {
  /** `null` when it gets on, else why not, in one line. */
  ready: () => Promise<string | null>;
  /** Takes no more jobs until `goOn`; those in hand are finished. */
  hold: () => void;
  goOn: () => void;
  /** Takes no more jobs, finishes those in hand or gives them back, and is done within 8 s whatever hangs. */
  close: () => Promise<void>;
};

/**
 * Takes jobs from the queue and applies them to the store, from now on; Redis and the store may be away for as long
 * as they like. `apply` and `timing` are for tests.
 */
export function startWorker({
  store,
  redisUrl,
  registry,
  graceSeconds,
  only = null,
  log,
  now = Date.now,
  apply = applyBatch,
  timing = TIMING,
  receiver = null,
  retention = null,
  tracing = carriedOn,
}: {
  store: Store;
  redisUrl: string;
  registry: Registry;
  graceSeconds: number;
  /** The partitions that it takes jobs from; `null`: from all. */
  only?: readonly number[] | null;
  log: Log;
  now?: () => number;
  apply?: Apply;
  timing?: Timing;
  /** Where what agents write leaves to; `null`: nowhere. */
  receiver?: Receiver | null;
  /** What is older than so many days is erased; `null`: nothing. */
  retention?: { days: number; timing?: RetentionTiming } | null;
  tracing?: Tracing;
}): Worker {
  const stopping = new AbortController();
  const ownId = randomUUID().slice(0, 13);
  const name = connectionNameOf(ownId);
  const partitions = openPartitions((partition) => {
    const redis = connectRedis({ url: redisUrl, options: impatient, log, name, partition });
    warnAboutRedis({ redis, log });
    redis.on("ready", () => {
      void raiseFloor(redis, partition);
      void consumers.lookAt(partition);
    });
    return redis;
  });
  /** Where announcements go, and receipts of our own come from. */
  const redis = partitions.at(0);

  const taken = createTakenUpToInAll(now, () => 0);
  const takenUpTo = (): number => taken.at(partitions.used());
  const health = createWriteHealth({ write: () => writeProbe(store, now()), now });
  const summary = createSummary({ log, message: "applied in the last minute" });
  const metrics = createMetrics(registry);
  exportQueue({ registry, readings: partitions.readings });
  const announcer = createAnnouncer({ store, redis, now, log, metrics });
  const deliverer =
    receiver === null
      ? null
      : startDeliverer({
          ...{ store, receiver, partitions, registry, log, now, timing },
          announce: (announcement) => announcer.announce(announcement, new Map()),
          connect: () => connectRedis({ url: redisUrl, options: patient, log, name: `${name}-deliveries` }),
        });
  const applier = createApplier({
    ...{ store, apply, announcer, graceSeconds, takenUpTo, now, log, metrics, summary, health, tracing },
    onUnsettled: (conversations) => settler.begin(conversations),
    freshReceipt: async () => (await takeReceipts(redis, 1)).receipts[0] as Receipt,
    delivers: deliverer !== null,
    onDeliveries: (conversations) => deliverer?.wake(conversations),
    stopping: stopping.signal,
  });
  const group = createGroup({ commit: applier.commit, stopping: stopping.signal });
  const settler = createSettler({
    ...{ store, group, log, stopping: stopping.signal },
    settleStep: applier.settleStep,
  });
  const consumers = createConsumers({
    partitions,
    only,
    connect: (partition) =>
      connectRedis({ url: redisUrl, options: patient, log, name: `${name}-queue`, partition }),
    processorOf: (presence) =>
      createProcessor({
        ...{ store, applier, group, presence, ownId, log, metrics },
        stopping: stopping.signal,
      }),
    ...{ taken, ownId, timing, log, now },
  });

  /** A store that knows higher receipts than Redis does: the key was lost, and the clock may have been set back. */
  const raiseFloor = async (of: Redis, partition: number): Promise<void> => {
    try {
      const highest = await untilDone(() => highestReceipt(store), { signal: stopping.signal });
      await raiseReceiptFloor(of, highest, partition);
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ err: error }, "receipts keep the floor they had");
    }
  };

  const announceSeen = async (): Promise<void> => {
    const announcement = await tellSeen(store, { now: now(), limit: SEEN_AT_ONCE });
    if (announcement !== null) await announcer.announce(announcement, new Map());
  };
  const sweep = async (): Promise<void> => {
    await announceSeen().catch((error: unknown) => {
      log.debug({ err: error }, "answers that were seen to could not be told of");
    });
    await announcer.sweep().catch((error: unknown) => {
      log.debug({ err: error }, "the outbox could not be looked through");
    });
    await settler.sweep().catch((error: unknown) => {
      log.debug({ err: error }, "unsettled conversations could not be looked for");
    });
  };
  const following = repeat(consumers.follow, { everyMs: timing.sweepMs, signal: stopping.signal });
  const sweeping = repeat(sweep, { everyMs: timing.sweepMs, signal: stopping.signal });
  measureBackfills({ registry, store });
  const backfilling = runBackfills({ store, backfills: BACKFILLS, log, now, signal: stopping.signal });
  const indexing = buildReceiptIndexes({ store, log, signal: stopping.signal });
  const retiring =
    retention === null
      ? null
      : runRetention({
          ...{ ...retention, store, partitions, holder: ownId, registry, log, now },
          announce: (announcement) => announcer.announce(announcement, new Map()),
          signal: stopping.signal,
        });

  const finish = async (): Promise<void> => {
    await Promise.all([consumers.close(), deliverer?.close()]);
    await Promise.all([following, sweeping, backfilling, indexing, retiring]);
    await announcer.close();
  };
  return {
    ready: async () => {
      const [queue, writes] = await Promise.all([consumers.fault(), health.fault()]);
      return queue ?? writes;
    },
    hold: () => {
      consumers.hold();
      deliverer?.hold();
    },
    goOn: () => {
      consumers.goOn();
      deliverer?.goOn();
    },
    close: async () => {
      stopping.abort();
      const limit = new AbortController();
      await Promise.race([
        finish(),
        sleep(timing.drainMs, undefined, { signal: limit.signal }).then(() => {
          log.warn("jobs in hand are left to the next worker");
        }),
      ]).finally(() => limit.abort());
      summary.stop();
      consumers.disconnect();
      deliverer?.disconnect();
      partitions.close();
    },
  };
}
