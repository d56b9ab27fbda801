import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { inject } from "vitest";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { Registry } from "prom-client";
import { CHANGES_FIELD, type Change } from "@fio/contracts";
import { listen } from "@fio/service/listen";
import { connectRedis, impatient, patient } from "@fio/service/redis";
import { openEventQueue, type EventQueue } from "@fio/service/queue";
import { createAccounts } from "../../accounts/accounts.ts";
import { openIssuer } from "../../accounts/oidc/issuer.ts";
import type { OidcConfig } from "../../config.ts";
import { replay, replayMany } from "../../replay.ts";
import { retryDelivery } from "../../store/retry-delivery.ts";
import { markSeen } from "../../store/seen-deliveries.ts";
import type { Store } from "../../store/connect.ts";
import { migratedStore } from "../../store/testing/fixture.ts";
import {
  createApi,
  createApiReadiness,
  createReadMetrics,
  openLive,
  openPresence,
  primaryReads,
  replicaReads,
  type Live,
} from "../index.ts";
import type { LiveLimits } from "../live/live.ts";

const SILENT = pino({ level: process.env["FIO_TEST_LOG"] ?? "silent" });

/** The read API over real HTTP, wired as the service wires it, with a stream of changes of its own. */
export type Api = {
  url: string;
  live: Live;
  registry: Registry;
  queue: EventQueue;
  /** Writes one entry to the stream of changes, as a worker does, and gives its position. */
  announce: (...changes: Change[]) => Promise<string>;
  /** Writes an entry that no worker would write. */
  announceRaw: (text: string) => Promise<string>;
  /** Trims the stream to about nothing. */
  trim: () => Promise<void>;
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  post: (path: string) => Promise<Answer>;
  /** One number of the metrics; 0 when there is none. */
  metric: (name: string, labels?: Record<string, string>) => Promise<number>;
  close: () => Promise<void>;
};

/** `next` and `prev` are the paths that the Link header names. */
export type Answer = {
  status: number;
  headers: Headers;
  body: unknown;
  next: string | null;
  prev: string | null;
};

export async function startApi({
  store,
  redisUrl,
  tokens = null,
  graceMs = 6_000,
  now = Date.now,
  limits = {},
  key = `{fio}:changes:${randomUUID()}`,
  replica = null,
  presenceLeaseMs,
  oidc = null,
  agentsSee = "all",
}: {
  store: Store;
  /** Is closed with the api. */
  replica?: Knex | null;
  redisUrl: string;
  tokens?: string[] | null;
  graceMs?: number;
  now?: () => number;
  limits?: Partial<LiveLimits>;
  /** Of the stream of changes; one of its own unless a real worker writes it. */
  key?: string;
  presenceLeaseMs?: number;
  oidc?: OidcConfig | null;
  agentsSee?: "all" | "own";
}): Promise<Api> {
  const url = `${redisUrl}/9`;
  const registry = new Registry();
  const connect = (name: string): Redis => connectRedis({ url, options: impatient, log: SILENT, name });
  const queueRedis = connect("test-queue");
  const queue = openEventQueue(queueRedis);
  const live = openLive({
    reader: connect("test-reader"),
    resumer: connect("test-resumer"),
    graceMs,
    registry,
    log: SILENT,
    now,
    limits,
    key,
  });
  const presence = openPresence({
    redis: connect("test-presence"),
    hearing: connect("test-presence-heard"),
    ...{ tell: live.tell, log: SILENT },
    ...(presenceLeaseMs === undefined ? {} : { leaseMs: presenceLeaseMs }),
  });
  const metrics = createReadMetrics(registry);
  const overReplica = replica === null ? null : replicaReads({ store, replica, live, metrics, log: SILENT });
  const reads = overReplica?.reads ?? primaryReads({ store, live, metrics });
  const app = createApi({
    reads,
    accounts: createAccounts({
      ...{ store, now },
      oidc: oidc && {
        issuer: openIssuer({ settings: oidc, log: SILENT, now }),
        allowedDomains: oidc.allowedDomains,
      },
    }),
    live,
    presence,
    replay: (receipt) => replay({ store, queue, receipt }),
    replayMany: (step) => replayMany({ store, queue, ...step }),
    retry: (message) => retryDelivery(store, { message, now: now() }),
    markSeen: (message) => markSeen(store, message),
    tokens,
    agentsSee,
    graceMs,
    ready: createApiReadiness(reads),
    registry,
    log: SILENT,
    now,
  });
  const listening = await listen(app, { host: "127.0.0.1", port: 0, setting: "CONVERSATIONS_PORT" });
  const worker = connectRedis({ url, options: patient, log: SILENT, name: "test-worker" });

  const announceRaw = async (text: string): Promise<string> =>
    (await worker.xadd(key, "*", CHANGES_FIELD, text)) ?? "";
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${listening.url}${path}`, init);
    const text = await response.text();
    const link = (rel: string): string | null =>
      new RegExp(`<([^>]*)>; rel="${rel}"`).exec(response.headers.get("link") ?? "")?.[1] ?? null;
    return {
      status: response.status,
      headers: response.headers,
      body: /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : text,
      next: link("next"),
      prev: link("prev"),
    };
  };
  return {
    url: listening.url,
    live,
    registry,
    queue,
    announce: (...changes) => announceRaw(JSON.stringify(changes)),
    announceRaw,
    trim: async () => {
      await worker.xtrim(key, "MAXLEN", 1);
    },
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path) => ask(path, { method: "POST" }),
    metric: async (name, labels = {}) => {
      const metrics = await registry.getMetricsAsJSON();
      const values = metrics.find((metric) => metric.name === name)?.values ?? [];
      const wanted = Object.entries(labels);
      return values
        .filter((one) =>
          wanted.every(([label, value]) => (one.labels as Record<string, unknown>)[label] === value),
        )
        .reduce((sum, one) => sum + one.value, 0);
    },
    close: once(async () => {
      const closed = listening.close();
      await live.close();
      presence.close();
      await overReplica?.stop();
      await closed;
      await worker.del(key).catch(() => {});
      worker.disconnect();
      await queue.close();
      queueRedis.disconnect();
    }),
  };
}

/** The same over an empty, migrated store of its own, which goes with it. */
export async function startStoredApi(
  create: Parameters<typeof migratedStore>[0],
  given: Omit<Parameters<typeof startApi>[0], "store" | "redisUrl"> = {},
): Promise<{ store: Store; api: Api; remove: () => Promise<void> }> {
  const { store, remove } = await migratedStore(create);
  const api = await startApi({ store, redisUrl: inject("redisUrl"), ...given });
  return {
    store,
    api,
    remove: async () => {
      await api.close();
      await remove();
    },
  };
}

/** The second call waits for the first. */
function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => (closed ??= close());
}
