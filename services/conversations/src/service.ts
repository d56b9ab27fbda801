import express, { type Express } from "express";
import type { Registry } from "prom-client";
import { conversationsOpenApi } from "@fio/contracts/openapi/conversations";
import { faultWithin } from "@fio/service/fault-within";
import { noSuchRoute } from "@fio/service/http";
import { listen, type Listening } from "@fio/service/listen";
import type { Log } from "@fio/service/log";
import { listenApart, ownOperations, type Operations, type Readiness } from "@fio/service/operations";
import { exportReadiness } from "@fio/service/ready-metric";
import { connectRedis, impatient } from "@fio/service/redis";
import { createRegistry } from "@fio/service/registry";
import { repeat } from "@fio/service/repeat";
import { createTakenUpToInAll } from "@fio/service/taken-up-to";
import { openTracing } from "@fio/service/tracing/open-tracing";
import {
  createApi,
  createApiReadiness,
  createReadMetrics,
  openLive,
  openPresence,
  primaryReads,
  replicaReads,
} from "./api/index.ts";
import { createAccounts } from "./accounts/accounts.ts";
import { openIssuer } from "./accounts/oidc/issuer.ts";
import type { Config } from "./config.ts";
import { openPartitions } from "@fio/service/partitions";
import { openEventQueue } from "@fio/service/queue";
import { replay, replayMany } from "./replay.ts";
import { createSchemaGate } from "./schema-gate.ts";
import { retryDelivery } from "./store/retry-delivery.ts";
import { markSeen } from "./store/seen-deliveries.ts";
import { openReplica, openStore, type Store } from "./store/connect.ts";
import { requireUtf8 } from "./store/encoding.ts";
import { migrate } from "./store/migrate.ts";

import { startWorker, type Worker } from "./worker/worker.ts";

/** How often the api asks how far the backlog has been worked off. */
const LOOK_MS = 500;

/** One role of the process: how ready it is, and how it ends. */
type Part = { ready: Readiness; stop: () => Promise<unknown> };

export type Service = {
  listening: Listening;
  /** The steps of a stop, in their order. */
  stop: Array<() => Promise<unknown>>;
};

/**
 * Starts the roles that the configuration names. It listens from the first moment on and is ready when the store and
 * Redis are; both may come later, and go.
 */
export async function startConversations({
  config,
  log,
  fail,
}: {
  config: Config;
  log: Log;
  /** For a fault that nothing mends but another start. */
  fail: (error: unknown) => void;
}): Promise<Service> {
  const registry = createRegistry();
  const store = openStore(config.databaseUrl);
  const stopping = new AbortController();
  const tracing = await openTracing({
    service: "worker",
    config: config.roles.worker ? config.tracing : null,
    log,
  });
  const parts: Part[] = [];
  let worker: Worker | undefined;

  const startWorkerOnce = (): void => {
    if (!config.roles.worker) return;
    if (worker !== undefined) {
      worker.goOn();
      return;
    }
    const { redisUrl, waitGraceSeconds: graceSeconds, workerPartitions: only, delivery: receiver } = config;
    const retention = config.retentionDays === null ? null : { days: config.retentionDays };
    const own = { only, receiver, retention, tracing };
    worker = startWorker({ store, redisUrl, registry, graceSeconds, ...own, log });
    parts.push({ ready: worker.ready, stop: worker.close });
  };
  const gate = createSchemaGate({
    store,
    prepare: async () => {
      await requireUtf8(store);
      if (config.migrateAtStart) await migrate(store);
    },
    open: startWorkerOnce,
    shut: () => worker?.hold(),
    log,
    signal: stopping.signal,
  });
  const ready: Readiness = async () => gate.fault() ?? readinessOf(parts);

  exportReadiness({ registry, ready });
  const operations: Operations = { ready, registry, openapi: conversationsOpenApi };
  const operationsApart = config.operationsPort !== undefined;
  const app = config.roles.api
    ? startApi({ config, store, registry, ready, schemaFault: gate.fault, log, parts })
    : createOperations(operations, { apart: operationsApart });
  const listening = await listen(app, {
    host: config.host,
    port: config.port,
    setting: "CONVERSATIONS_PORT",
  });
  const apart = await listenApart(operations, { host: config.host, port: config.operationsPort });
  gate.watch().catch((error: unknown) => {
    if (!stopping.signal.aborted) fail(error);
  });
  return {
    listening,
    stop: [
      () => {
        stopping.abort();
        return Promise.all([listening.close(), apart.close(), ...parts.map((part) => part.stop())]);
      },
      tracing.stop,
      // A connection that hangs must not keep the process.
      () => faultWithin(1_000, store.close, "the store does not let go"),
    ],
  };
}

/** Everyone's. */
async function readinessOf(parts: readonly Part[]): Promise<string | null> {
  const faults = await Promise.all(parts.map((part) => part.ready()));
  return faults.find((fault) => fault !== null) ?? null;
}

function startApi({
  config,
  store,
  registry,
  ready,
  schemaFault,
  log,
  parts,
}: {
  config: Config;
  store: Store;
  registry: Registry;
  ready: Readiness;
  schemaFault: () => string | null;
  log: Log;
  parts: Part[];
}): Express {
  const now = Date.now;
  const connect = (name: string, partition = 0) =>
    connectRedis({ url: config.redisUrl, options: impatient, log, name, partition });
  const partitions = openPartitions((partition) => connect("api-queue", partition));
  const queue = openEventQueue(partitions.at(0));
  const live = openLive({
    reader: connect("api-reader"),
    resumer: connect("api-resumer"),
    graceMs: config.waitGraceSeconds * 1_000,
    ...{ registry, log, now },
  });
  const presence = openPresence({
    redis: connect("api-presence"),
    hearing: connect("api-presence-heard"),
    ...{ tell: live.tell, log },
  });
  const stopping = new AbortController();
  const taken = createTakenUpToInAll(now);
  const look = async (): Promise<void> => {
    for (const [partition, reading] of (await partitions.readings()).entries()) {
      if (reading.status === "fulfilled") taken.of(partition).note(reading.value.queue);
    }
  };
  const looking = repeat(look, { everyMs: LOOK_MS, signal: stopping.signal });
  const metrics = createReadMetrics(registry);
  const overReplica =
    config.databaseReadUrl === null
      ? null
      : replicaReads({ store, replica: openReplica(config.databaseReadUrl), ...{ live, metrics, log } });
  const reads = overReplica?.reads ?? primaryReads({ store, live, metrics });
  parts.push({
    ready: createApiReadiness(reads),
    stop: async () => {
      stopping.abort();
      await Promise.all([live.close(), queue.close(), looking]);
      await overReplica?.stop();
      presence.close();
      partitions.close();
    },
  });
  const oidc = config.oidc && {
    issuer: openIssuer({ settings: config.oidc, log, now }),
    allowedDomains: config.oidc.allowedDomains,
  };
  return createApi({
    reads,
    accounts: createAccounts({ store, now, oidc }),
    live,
    presence,
    replay: (receipt) => replay({ store, queue, receipt }),
    replayMany: (step) => replayMany({ store, queue, ...step }),
    retry: (message) => retryDelivery(store, { message, now: now() }),
    markSeen: (message) => markSeen(store, message),
    tokens: config.apiTokens,
    agentsSee: config.agentsSee,
    graceMs: config.waitGraceSeconds * 1_000,
    operationsApart: config.operationsPort !== undefined,
    ...{ ready, schemaFault, registry, log, now, takenUpTo: () => taken.at(partitions.used()) },
  });
}

/** All that a worker serves. */
function createOperations(operations: Operations, where: { apart: boolean }): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(ownOperations(operations, where));
  app.use(noSuchRoute);
  return app;
}
