import { listenApart, type Operations } from "@fio/service/operations";
import { listen, type Listening } from "@fio/service/listen";
import type { Log } from "@fio/service/log";
import { createProbe } from "@fio/service/probe";
import { connectRedis, impatient } from "@fio/service/redis";
import { createRegistry } from "@fio/service/registry";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { openInbound } from "./inbound/inbound.ts";
import { READY_KEY } from "./keys.ts";

const READY_EXPIRY_MS = 60_000;

export type Whatsapp = {
  listening: Listening;
  /** The steps of a shutdown, in order. */
  stop: Array<() => Promise<unknown>>;
};

/** Starts the service. It listens even when Redis is not available: requests then get 503. */
export async function startWhatsapp({ config, log }: { config: Config; log: Log }): Promise<Whatsapp> {
  const registry = createRegistry();
  const redis = connectRedis({ url: config.redisUrl, options: impatient, log, name: "whatsapp" });
  const operations: Operations = {
    ready: createProbe({
      work: () => redis.set(READY_KEY, "1", "PX", READY_EXPIRY_MS),
      fault: "Redis does not accept writes",
    }),
    registry,
  };
  const inbound = openInbound({ config, registry, log });
  const app = createApp({
    routes: [inbound.routes],
    operations,
    operationsApart: config.operationsPort !== undefined,
    log,
  });
  const listening = await listen(app, { host: config.host, port: config.port, setting: "WHATSAPP_PORT" });
  const apart = await listenApart(operations, { host: config.host, port: config.operationsPort });
  return {
    listening,
    stop: [
      () => Promise.all([listening.close(), apart.close()]),
      ...inbound.stop,
      () => {
        redis.disconnect();
        return Promise.resolve();
      },
    ],
  };
}
