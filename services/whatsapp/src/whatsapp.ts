import { createBodyBudget } from "@fio/service/body-budget";
import { clientAddress } from "@fio/service/client-address";
import { listenApart, type Operations } from "@fio/service/operations";
import { listen, type Listening } from "@fio/service/listen";
import type { Log } from "@fio/service/log";
import { createProbe } from "@fio/service/probe";
import { exportReadiness } from "@fio/service/ready-metric";
import { connectRedis, impatient, patient } from "@fio/service/redis";
import { createRegistry } from "@fio/service/registry";
import { createApp } from "./app.ts";
import { phoneNumberIdOf } from "./channel.ts";
import type { Config } from "./config.ts";
import { createIngest } from "./ingest.ts";
import { openInbound } from "./inbound/inbound.ts";
import { READY_KEY } from "./keys.ts";
import { startOutbound } from "./outbound/outbound.ts";
import type { Patience } from "./outbound/sender.ts";

const READY_EXPIRY_MS = 60_000;

export type Whatsapp = {
  listening: Listening;
  /** The steps of a shutdown, in order. */
  stop: Array<() => Promise<unknown>>;
};

/** Starts the service. It listens even when Redis is not available: requests then get 503. */
export async function startWhatsapp({
  config,
  log,
  patience,
}: {
  config: Config;
  log: Log;
  /** With answers that leave. */
  patience?: Patience | undefined;
}): Promise<Whatsapp> {
  const registry = createRegistry();
  const redis = connectRedis({ url: config.redisUrl, options: impatient, log, name: "whatsapp" });
  const operations: Operations = {
    ready: createProbe({
      work: () => redis.set(READY_KEY, "1", "PX", READY_EXPIRY_MS),
      fault: "Redis does not accept writes",
    }),
    registry,
  };
  exportReadiness({ registry, ready: operations.ready });
  // What comes in and what goes out share the room for bodies.
  const budget = createBodyBudget();
  const clientOf = clientAddress({ trusted: config.trustedProxies });
  const ingest = createIngest({ url: config.ingestUrl, key: config.signingKey });
  const outbound =
    config.outbound === null
      ? null
      : startOutbound({
          settings: config.outbound,
          connect: (name) => connectRedis({ url: config.redisUrl, options: patient, log, name }),
          ...{ ingest, redis, registry, budget, clientOf, log, patience },
        });
  const inbound = openInbound({
    config,
    heard: async ({ messageId, channel, raw }) => {
      const phoneNumberId = phoneNumberIdOf(channel);
      if (phoneNumberId !== null) await outbound?.heard({ messageId, phoneNumberId, raw });
    },
    ...{ ingest, redis, registry, budget, clientOf, log },
  });
  const app = createApp({
    routes: [inbound.routes, ...(outbound === null ? [] : [outbound.routes])],
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
      () => Promise.resolve(outbound?.close()),
      () => {
        redis.disconnect();
        return Promise.resolve();
      },
    ],
  };
}
