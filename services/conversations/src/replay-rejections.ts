import { parseArgs } from "node:util";
import { parseTimestamp, receiptAt, timestampOf, type Receipt, type Timestamp } from "@fio/contracts";
import { SettingError } from "@fio/service/env";
import { createLog } from "@fio/service/log";
import { openPartitions, type Partitions } from "@fio/service/partitions";
import { openEventQueue } from "@fio/service/queue";
import { connectRedis, patient, whenReady } from "@fio/service/redis";
import { readReplayConfig } from "./config.ts";
import { replayMany, type ReceiptRange, type ReplayStep } from "./replay.ts";
import { openStore } from "./store/connect.ts";
import { untilDone } from "./store/retry.ts";

/*
 * For operators, once the reason is set right: queues again all events that failed by our own fault (INTERNAL_ERROR)
 * and were accepted in a span of time, each under its own receipt. Repeating it is harmless.
 *
 *   node services/conversations/src/replay-rejections.ts --from 2026-11-28T10:00:00Z [--to 2026-11-28T11:00:00Z]
 *
 * With --failed-jobs it queues again the jobs of the queue's failed set instead: those that could be neither applied
 * nor kept.
 */

const STEP = 500;
const REDIS_MS = 10_000;
const STORE_MS = 30_000;

const log = createLog({ service: "replay", level: "info" });

/** An instant from the command line. Throws {@link SettingError}. */
function instant(name: string, text: string | undefined): Timestamp {
  const timestamp = text === undefined ? null : parseTimestamp(text);
  if (timestamp === null) throw new SettingError(`--${name}: must be a time, e.g. 2026-11-28T10:00:00Z`);
  return timestamp;
}

function readArguments() {
  try {
    return parseArgs({
      options: { from: { type: "string" }, to: { type: "string" }, "failed-jobs": { type: "boolean" } },
    }).values;
  } catch (error) {
    throw new SettingError((error as Error).message);
  }
}

/** Those of every partition; gives how many they were. */
async function retryFailedJobs(partitions: Partitions): Promise<number> {
  const used = await partitions.look();
  let jobs = 0;
  for (let partition = 0; partition < used; partition += 1) {
    await whenReady(partitions.at(partition), REDIS_MS);
    const queue = openEventQueue(partitions.at(partition), partition);
    const { failed } = await queue.getJobCounts("failed");
    await queue.retryJobs({ state: "failed" });
    await queue.close();
    jobs += failed ?? 0;
  }
  return jobs;
}

async function run(): Promise<void> {
  const values = readArguments();
  const { databaseUrl, redisUrl, logLevel } = readReplayConfig(process.env);
  log.level = logLevel;
  const range =
    values["failed-jobs"] === true
      ? null
      : {
          from: receiptAt(instant("from", values.from)),
          to: receiptAt(values.to === undefined ? timestampOf(Date.now()) : instant("to", values.to)),
        };
  const partitions = openPartitions((partition) =>
    connectRedis({ url: redisUrl, options: patient, log, name: "replay", partition }),
  );
  const queue = openEventQueue(partitions.at(0));
  const store = openStore(databaseUrl);
  try {
    await whenReady(partitions.at(0), REDIS_MS);
    if (range === null) {
      log.info({ jobs: await retryFailedJobs(partitions) }, "failed jobs are in the queue again");
      return;
    }
    let queued = 0;
    let from: Receipt | null = range.from;
    while (from !== null) {
      const rest: ReceiptRange = { ...range, from };
      const step: ReplayStep = await untilDone(() => replayMany({ store, queue, range: rest, limit: STEP }), {
        signal: AbortSignal.timeout(STORE_MS),
      });
      queued += step.queued;
      from = step.next;
    }
    log.info({ queued }, "in the queue again, each under its own receipt");
  } finally {
    await queue.close();
    partitions.close();
    await store.close();
  }
}

try {
  await run();
} catch (error) {
  if (error instanceof SettingError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, "the replay failed; repeating it is harmless");
  process.exitCode = 1;
}
