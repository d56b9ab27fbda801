import { randomUUID } from "node:crypto";
import { ingestOpenApi } from "@fio/contracts/openapi/ingest";
import { createBodyBudget } from "@fio/service/body-budget";
import { clientAddress } from "@fio/service/client-address";
import { listenApart, type Operations } from "@fio/service/operations";
import { listen, type Listening } from "@fio/service/listen";
import type { Log } from "@fio/service/log";
import { createSummary } from "@fio/service/summary";
import { exportQueue } from "@fio/service/queue-metrics";
import { exportReadiness } from "@fio/service/ready-metric";
import { connectRedis, patient } from "@fio/service/redis";
import { settleLayout } from "@fio/service/settle-layout";
import { createVerifier } from "@fio/service/signature";
import { openTracing } from "@fio/service/tracing/open-tracing";
import { createAcceptor } from "./accept.ts";
import { createAdmission } from "./admission.ts";
import { createApp } from "./app.ts";
import { unavailable, watchBacklog, type Refusal } from "./backlog.ts";
import { createClockWatch } from "./clock-watch.ts";
import { createBatcher, type BatchLimits } from "./batch.ts";
import type { Config } from "./config.ts";
import { createFlush } from "./flush.ts";
import { createMetrics } from "./metrics.ts";
import { openOutcomes } from "./outcomes.ts";
import { keepLayout } from "./partitions/keep-layout.ts";
import { openLanes } from "./partitions/lanes.ts";
import { createPlacing } from "./partitions/placing.ts";
import { shares } from "./processes/shares.ts";
import type { Own, Whole } from "./processes/siblings.ts";
import { queueUnavailable } from "./unavailable.ts";

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
  const tracing = await openTracing({ service: "ingest", config: config.tracing, log });
  const look = (): void => {
    backlog.look();
    layouts.look();
  };
  const lanes = openLanes({ config, instance, onReady: look, log });
  const { partitions } = lanes;
  const subscriber = connectRedis({ url: config.redisUrl, options: patient, log, name: "ingest-outcomes" });
  const summary = createSummary({ log, message: "accepted in the last minute" });

  exportQueue({ registry: metrics.registry, readings: partitions.readings });
  const backlog = watchBacklog({ read: partitions.readings, maxEvents: config.maxBacklog, log });
  const layouts = keepLayout({
    settle: async (given) => {
      const layout = await settleLayout({
        at: (partition) => lanes.of(partition).redis,
        confirmed: (partition) => lanes.of(partition).acknowledged(),
        ...given,
      });
      await lanes.whenOpen(layout.count);
      return layout;
    },
    wish: config.partitions,
    ...{ log, now },
  });
  const refusalOf = (partition: number): Refusal | null =>
    lanes.of(partition).writes.refusal() ?? backlog.refusal(partition);
  /** Only where no partition accepts anything. */
  const refusal = (): Refusal | null => {
    const count = layouts.current()?.count ?? 1;
    for (let partition = 1; partition < count; partition += 1) {
      if (refusalOf(partition) === null) return null;
    }
    return (
      refusalOf(0) ?? (layouts.current() === null ? unavailable("not connected to the queue yet") : null)
    );
  };
  const outcomes = openOutcomes({
    ...{ redis: subscriber, instance, log, metrics },
    takenUpTo: backlog.takenUpTo,
  });
  const placing = createPlacing({
    layouts,
    openBatcher: (layout, partition) =>
      createBatcher({
        flush: createFlush({
          enqueue: (events) => lanes.of(partition).enqueue(events, layout),
          ...{ instance, log, metrics, summary, now },
        }),
        late: () =>
          queueUnavailable("the queue did not answer in time; the events are not known to be accepted"),
        behind: () => lanes.of(partition).behind(),
        ...(limits === undefined ? {} : { limits }),
      }),
    refusalOf,
    now,
  });
  /** Of this process; `whole` speaks for all of its siblings. */
  const ready = () => Promise.resolve(unready(refusal(), outcomes.listening()));
  const whole = siblings({ registry: metrics.registry, readiness: ready });
  const share = shares(config.processes);
  exportReadiness({ registry: metrics.registry, ready });
  const operations: Operations = {
    ready: whole.readiness,
    registry: { contentType: metrics.registry.contentType, metrics: whole.metrics },
    openapi: ingestOpenApi,
  };
  const app = createApp({
    accept: createAcceptor({
      place: placing.place,
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
    tracing,
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
      placing.drained,
      tracing.stop,
      backlog.stop,
      () => {
        layouts.stop();
        summary.stop();
        lanes.close();
        subscriber.disconnect();
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
