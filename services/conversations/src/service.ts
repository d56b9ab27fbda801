import express, { type Express } from "express";
import { Registry, collectDefaultMetrics } from "prom-client";
import { conversationsOpenApi } from "@fio/contracts/openapi/conversations";
import { faultWithin } from "@fio/service/fault-within";
import { noSuchRoute } from "@fio/service/http";
import { listen, type Listening } from "@fio/service/listen";
import type { Log } from "@fio/service/log";
import { operationsRouter, type Readiness } from "@fio/service/operations";
import { connectRedis, impatient } from "@fio/service/redis";
import { createApi, createApiReadiness, openLive } from "./api/index.ts";
import type { Config } from "./config.ts";
import { openEventQueue } from "@fio/service/queue";
import { replay } from "./replay.ts";
import { openStore, type Store } from "./store/connect.ts";
import { migrate } from "./store/migrate.ts";
import { untilDone } from "./store/retry.ts";

import { startWorker } from "./worker/worker.ts";

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
export async function startConversations({ config, log }: { config: Config; log: Log }): Promise<Service> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const store = openStore(config.databaseUrl);
  const stopping = new AbortController();
  const parts: Part[] = [];
  const ready = createReadiness(parts);

  const app = config.roles.api
    ? startApi({ config, store, registry, ready, log, parts })
    : createOperations({ registry, ready });
  const listening = await listen(app, {
    host: config.host,
    port: config.port,
    setting: "CONVERSATIONS_PORT",
  });
  const started = prepare({ config, store, log, stopping: stopping.signal }).then(() => {
    if (stopping.signal.aborted) return;
    if (config.roles.worker) {
      const { redisUrl, waitGraceSeconds: graceSeconds } = config;
      const worker = startWorker({ store, redisUrl, registry, graceSeconds, log });
      parts.push({ ready: worker.ready, stop: worker.close });
    }
    ready.started();
  });
  started.catch((error: unknown) => {
    if (!stopping.signal.aborted) {
      log.fatal({ err: error }, "cannot bring the schema up to date");
      process.kill(process.pid, "SIGTERM");
    }
  });
  return {
    listening,
    stop: [
      () => {
        stopping.abort();
        const closed = listening.close();
        return Promise.all([closed, started.catch(() => {}).then(() => stopAll(parts))]);
      },
      // A connection that hangs must not keep the process.
      () => faultWithin(1_000, store.close, "the store does not let go"),
    ],
  };
}

const stopAll = (parts: readonly Part[]): Promise<unknown> => Promise.all(parts.map((part) => part.stop()));

/** Everyone's, once everyone has started. */
function createReadiness(parts: readonly Part[]): Readiness & { started: () => void } {
  let isStarted = false;
  const ready: Readiness = async () => {
    if (!isStarted) return "waiting for the store";
    const faults = await Promise.all(parts.map((part) => part.ready()));
    return faults.find((fault) => fault !== null) ?? null;
  };
  return Object.assign(ready, {
    started: () => {
      isStarted = true;
    },
  });
}

async function prepare({
  config,
  store,
  log,
  stopping,
}: {
  config: Config;
  store: Store;
  log: Log;
  stopping: AbortSignal;
}): Promise<void> {
  if (!config.migrateAtStart) return;
  await untilDone(() => migrate(store), {
    signal: stopping,
    onFault: (error, tries) => {
      if (tries % 30 === 1) log.warn({ err: error }, "waiting for the store");
    },
  });
}

function startApi({
  config,
  store,
  registry,
  ready,
  log,
  parts,
}: {
  config: Config;
  store: Store;
  registry: Registry;
  ready: Readiness;
  log: Log;
  parts: Part[];
}): Express {
  const now = Date.now;
  const connect = (name: string) => connectRedis({ url: config.redisUrl, options: impatient, log, name });
  const redis = connect("api-queue");
  const queue = openEventQueue(redis);
  const live = openLive({
    reader: connect("api-reader"),
    resumer: connect("api-resumer"),
    ...{ registry, log, now },
  });
  parts.push({
    ready: createApiReadiness(store),
    stop: async () => {
      await Promise.all([live.close(), queue.close()]);
      redis.disconnect();
    },
  });
  return createApi({
    store,
    live,
    replay: (receipt) => replay({ store, queue, receipt }),
    tokens: config.apiTokens,
    graceMs: config.waitGraceSeconds * 1_000,
    ...{ ready, registry, log, now },
  });
}

/** All that a worker serves. */
function createOperations({ registry, ready }: { registry: Registry; ready: Readiness }): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(operationsRouter({ ready, registry, openapi: conversationsOpenApi }));
  app.use(noSuchRoute);
  return app;
}
