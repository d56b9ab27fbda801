import { randomUUID } from "node:crypto";
import { ingestOpenApi } from "@fio/contracts/openapi/ingest";
import { createBodyBudget } from "@fio/service/body-budget";
import { clientAddress } from "@fio/service/client-address";
import { listenApart, type Operations } from "@fio/service/operations";
import { listen, type Listening } from "@fio/service/listen";
import type { Log } from "@fio/service/log";
import { createSummary } from "@fio/service/summary";
import { exportQueue, readBacklog } from "@fio/service/queue-metrics";
import { connectRedis, impatient, patient } from "@fio/service/redis";
import { warnAboutRedis } from "@fio/service/redis-settings";
import { createVerifier } from "@fio/service/signature";
import { createAcceptor } from "./accept.ts";
import { createAdmission } from "./admission.ts";
import { createApp } from "./app.ts";
import { watchBacklog, type Refusal } from "./backlog.ts";
import { createClockWatch } from "./clock-watch.ts";
import { createBatcher, type BatchLimits } from "./batch.ts";
import type { Config } from "./config.ts";
import { createEnqueue } from "./enqueue.ts";
import { createFlush } from "./flush.ts";
import { createMetrics } from "./metrics.ts";
import { openOutcomes } from "./outcomes.ts";
import { shares } from "./processes/shares.ts";
import type { Own, Whole } from "./processes/siblings.ts";
import { createAcknowledged } from "./replicas.ts";
import { queueUnavailable } from "./unavailable.ts";
import { watchWrites } from "./writes.ts";

export type Ingest = {
  listening: Listening;
  /** The steps of a shutdown, in order: accept nothing new, answer open requests, close. */
  stop: Array<() => Promise<unknown>>;
};

/**
 * Starts an ingest. It listens even when Redis is not available: requests then get 503. `limits`
 * are for benchmarks; `siblings` joins it to the other processes of the same ingest.
 */
export async function startIngest({
  config,
  log,
  limits,
  siblings = alone,
}: {
  config: Config;
  log: Log;
  limits?: BatchLimits;
  siblings?: (own: Own) => Whole;
}): Promise<Ingest> {
  const now = Date.now;
  const instance = randomUUID();
  const metrics = createMetrics();
  const redis = connectRedis({ url: config.redisUrl, options: impatient, log, name: "ingest" });
  // A wait for replicas blocks all later commands on its connection.
  const flushing =
    config.ackReplicas === 0
      ? redis
      : connectRedis({ url: config.redisUrl, options: impatient, log, name: "ingest-flush" });
  const subscriber = connectRedis({ url: config.redisUrl, options: patient, log, name: "ingest-outcomes" });
  warnAboutRedis({ redis, log });
  const summary = createSummary({ log, message: "accepted in the last minute" });

  exportQueue({ registry: metrics.registry, redis });
  const backlog = watchBacklog({ read: () => readBacklog(redis), maxEvents: config.maxBacklog, log });
  redis.on("ready", backlog.look);
  const acknowledged = createAcknowledged({ redis: flushing, replicas: config.ackReplicas });
  const writes = watchWrites({ redis: flushing, acknowledged, instance, log });
  const refusal = (): Refusal | null => writes.refusal() ?? backlog.refusal();
  const enqueue = createEnqueue({ redis: flushing, acknowledged });
  const outcomes = openOutcomes({
    ...{ redis: subscriber, instance, log, metrics },
    takenUpTo: backlog.takenUpTo,
  });
  const batcher = createBatcher({
    flush: createFlush({ enqueue, instance, log, metrics, summary, now }),
    late: () => queueUnavailable("the queue did not answer in time; the events are not known to be accepted"),
    ...(limits === undefined ? {} : { limits }),
  });
  const whole = siblings({
    registry: metrics.registry,
    readiness: () => Promise.resolve(unready(refusal(), outcomes.listening())),
  });
  const share = shares(config.processes);
  const operations: Operations = {
    ready: whole.readiness,
    registry: { contentType: metrics.registry.contentType, metrics: whole.metrics },
    openapi: ingestOpenApi,
  };
  const app = createApp({
    accept: createAcceptor({
      batcher,
      clockWatch: createClockWatch({ metrics, log, now }),
      outcomes,
      metrics,
    }),
    admission: createAdmission(share.admission),
    budget: createBodyBudget({ limits: share.bodies }),
    clientOf: clientAddress({ trusted: config.trustedProxies }),
    backlog: { refusal },
    verifier: createVerifier({ keys: config.signatureKeys, webKeys: config.webKeys }),
    maxBytes: config.maxBytes,
    now,
    operations,
    operationsApart: config.operationsPort !== undefined,
    metrics,
    summary,
    log,
  });
  const listening = await listen(app, {
    host: config.host,
    port: config.port,
    setting: "INGEST_PORT",
    onRefused: (code) => {
      metrics.refused.inc({ code });
      summary.add("refused");
    },
  });
  const apart = await listenApart(operations, { host: config.host, port: config.operationsPort });
  return {
    listening,
    stop: [
      () => {
        const closed = Promise.all([listening.close(), apart.close()]);
        outcomes.release();
        return closed;
      },
      batcher.drained,
      backlog.stop,
      writes.stop,
      () => {
        summary.stop();
        for (const connection of [redis, flushing, subscriber]) connection.disconnect();
        return Promise.resolve();
      },
    ],
  };
}

/** The only process of its ingest. */
const alone = ({ registry, readiness }: Own): Whole => ({ metrics: () => registry.metrics(), readiness });

/** A full backlog is reported to senders, not by readiness: another ingest would refuse as well. */
function unready(refusal: Refusal | null, listening: boolean): string | null {
  if (refusal?.problem.code === "QUEUE_UNAVAILABLE")
    return refusal.problem.detail ?? "the queue is not available";
  return listening ? null : "not subscribed to outcomes yet";
}
