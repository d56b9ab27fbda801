import type { Router } from "express";
import type { Registry } from "prom-client";
import { problemOf, type Problem } from "@fio/contracts";
import type { Redis } from "ioredis";
import type { BodyBudget } from "@fio/service/body-budget";
import type { ClientAddress } from "@fio/service/client-address";
import type { Log } from "@fio/service/log";
import { connectRedis, patient } from "@fio/service/redis";
import type { Config } from "../config.ts";
import { providersOf } from "../providers/providers.ts";
import { createApply, type Applying } from "./applying/apply.ts";
import type { Ingest } from "../ingest.ts";
import { createReadApi } from "./applying/read-api.ts";
import { createUnread } from "./applying/unread.ts";
import { inboundMetrics } from "./metrics.ts";
import { createInbox } from "./queue/inbox.ts";
import { openInboxQueue } from "./queue/open-queue.ts";
import { createPutOff } from "./queue/put-off.ts";
import { exportWaiting } from "./queue/waiting.ts";
import { startWorker } from "./queue/worker.ts";
import { watchRoom } from "./room.ts";
import { inboundRoutes } from "./routes.ts";
import { createVerification } from "./verification.ts";

export type Inbound = {
  routes: Router;
  /** Once no request is open any more. */
  stop: Array<() => Promise<unknown>>;
};

/** What comes from WhatsApp: taken, kept on disk, and made events of. */
export function openInbound({
  config,
  heard,
  ingest,
  redis: taking,
  registry,
  budget,
  clientOf,
  log,
}: {
  config: Config;
  heard: Applying["heard"];
  ingest: Ingest;
  /** An impatient connection, of the caller's. */
  redis: Redis;
  registry: Registry;
  budget: BodyBudget;
  clientOf: ClientAddress;
  log: Log;
}): Inbound {
  const metrics = inboundMetrics(registry);
  const working = connectRedis({ url: config.redisUrl, options: patient, log, name: "whatsapp-working" });
  const queue = openInboxQueue(taking);
  const ownQueue = openInboxQueue(working);
  const room = watchRoom(taking);
  exportWaiting({ registry, redis: taking, now: Date.now });
  const refusal = (): Problem | null => {
    if (taking.status !== "ready") return problemOf("QUEUE_UNAVAILABLE");
    return room.isFull() ? problemOf("BACKLOG_FULL") : null;
  };
  const routes = inboundRoutes({
    providers: providersOf(config),
    verify: createVerification(config.verifyTokens),
    inbox: createInbox({ redis: taking, queue }),
    refusal,
    budget,
    clientOf,
    maxBytes: config.maxBytes,
    publicUrl: config.publicUrl,
    metrics,
    now: Date.now,
  });
  const worker = startWorker({
    redis: working,
    inbox: createInbox({ redis: working, queue: ownQueue }),
    apply: createApply({
      api: createReadApi({ url: config.apiUrl, token: config.apiToken }),
      ingest,
      webKey: config.webKey,
      unread: createUnread({ redis: working }),
      putOff: createPutOff(ownQueue),
      heard,
      log,
      count: (kind) => metrics.applied.inc({ kind }),
    }),
    log,
  });
  return {
    routes,
    stop: [
      worker.close,
      () => {
        room.stop();
        working.disconnect();
        return Promise.resolve();
      },
    ],
  };
}
