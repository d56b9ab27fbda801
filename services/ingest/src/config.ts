import { z } from "zod";
import { MAX_PARTITIONS } from "@fio/contracts";
import { trustedProxies, type TrustedProxies } from "@fio/service/client-address";
import {
  SettingError,
  common,
  count,
  flag,
  operationsPort,
  port,
  readSettings,
  redisUrl,
} from "@fio/service/env";
import { secretKeys } from "@fio/service/secrets";
import { tracingOf, tracingSettings, type TracingConfig } from "@fio/service/tracing/open-tracing";
import { mostProcesses } from "./processes/shares.ts";

const settings = z.object({
  ...common,
  ...tracingSettings,
  INGEST_PORT: port(8000),
  OPERATIONS_PORT: operationsPort,
  REDIS_URL: redisUrl,
  REDIS_ACK_REPLICAS: count(0),
  WEBHOOK_SECRETS: secretKeys,
  WEB_SECRETS: secretKeys,
  ALLOW_UNSIGNED_WEBHOOKS: flag,
  TRUSTED_PROXIES: trustedProxies,
  WEBHOOK_MAX_BYTES: count(1024 * 1024, 1),
  MAX_BACKLOG: count(1_000_000, 1),
  INGEST_PROCESSES: count(1, 1),
  QUEUE_PARTITIONS: count(1, 1).refine((partitions) => partitions <= MAX_PARTITIONS, {
    message: `must be at most ${MAX_PARTITIONS}`,
  }),
});

export type Config = {
  host: string;
  port: number;
  /** Of metrics and documentation; `undefined`: the same. */
  operationsPort: number | undefined;
  logLevel: string;
  redisUrl: string;
  /** How many replicas must have an event before its 2xx. */
  ackReplicas: number;
  /** Empty: webhooks are not signed. */
  signatureKeys: Buffer[];
  /** What is signed with one of these comes from agents; empty: nothing does. */
  webKeys: Buffer[];
  trustedProxies: TrustedProxies;
  maxBytes: number;
  /** In events. */
  maxBacklog: number;
  /** How many share the port. */
  processes: number;
  /** Among how many queues conversations are divided. */
  partitions: number;
  tracing: TracingConfig;
};

/** Throws {@link SettingError}, also in production when neither secrets nor unsigned webhooks are configured. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = readSettings(settings, environment);
  if (
    given.NODE_ENV === "production" &&
    given.WEBHOOK_SECRETS.length === 0 &&
    !given.ALLOW_UNSIGNED_WEBHOOKS
  ) {
    throw new SettingError(
      "WEBHOOK_SECRETS: must be set in production; to let anyone post, set ALLOW_UNSIGNED_WEBHOOKS=true",
    );
  }
  if (given.WEB_SECRETS.some((key) => given.WEBHOOK_SECRETS.some((other) => other.equals(key)))) {
    throw new SettingError("WEB_SECRETS: must differ from WEBHOOK_SECRETS, or a sender passes for an agent");
  }
  const most = mostProcesses(given.WEBHOOK_MAX_BYTES);
  if (given.INGEST_PROCESSES > most) {
    throw new SettingError(
      `INGEST_PROCESSES: must be at most ${most} with this WEBHOOK_MAX_BYTES, or a process has no room for such a body`,
    );
  }
  return {
    host: given.HOST,
    port: given.INGEST_PORT,
    operationsPort: given.OPERATIONS_PORT,
    logLevel: given.LOG_LEVEL,
    redisUrl: given.REDIS_URL,
    ackReplicas: given.REDIS_ACK_REPLICAS,
    signatureKeys: given.WEBHOOK_SECRETS,
    webKeys: given.WEB_SECRETS,
    trustedProxies: given.TRUSTED_PROXIES,
    maxBytes: given.WEBHOOK_MAX_BYTES,
    maxBacklog: given.MAX_BACKLOG,
    processes: given.INGEST_PROCESSES,
    partitions: given.QUEUE_PARTITIONS,
    tracing: tracingOf(given),
  };
}
