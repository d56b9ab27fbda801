import type { Router } from "express";
import type { Registry } from "prom-client";
import { problemOf, type Problem } from "@fio/contracts";
import { createBodyBudget } from "@fio/service/body-budget";
import { clientAddress } from "@fio/service/client-address";
import type { Log } from "@fio/service/log";
import { connectRedis, impatient, patient } from "@fio/service/redis";
import type { Config } from "../config.ts";
import { providersOf } from "../providers/providers.ts";
import { createApply, type Applying } from "./applying/apply.ts";
import { createIngest } from "./applying/ingest.ts";
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
  registry,
  log,
}: {
  config: Config;
  heard: Applying["heard"];
  registry: Registry;
  log: Log;
}): Inbound {
  const metrics = inboundMetrics(registry);
  const connect = (name: string, options: typeof patient) =>
    connectRedis({ url: config.redisUrl, options, log, name });
  const taking = connect("whatsapp-taking", impatient);
  const working = connect("whatsapp-working", patient);
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
    budget: createBodyBudget(),
    clientOf: clientAddress({ trusted: config.trustedProxies }),
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
      ingest: createIngest({ url: config.ingestUrl, key: config.signingKey }),
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
        for (const redis of [taking, working]) redis.disconnect();
        return Promise.resolve();
      },
    ],
  };
}
