import { resolve } from "node:path";
import { issuerUrl, operationsPort, port, readSettings, redisUrl, serviceUrl } from "@fio/service/env";
import { databaseUrlOf, storeSettings } from "../config.ts";

const settings = storeSettings.extend({
  INGEST_PORT: port(8000),
  CONVERSATIONS_PORT: port(8001),
  WEB_PORT: port(3000),
  OPERATIONS_PORT: operationsPort,
  INGEST_URL: serviceUrl.optional(),
  WORKER_URL: serviceUrl.optional(),
  API_URL: serviceUrl.optional(),
  WEB_URL: serviceUrl.optional(),
  WHATSAPP_URL: serviceUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  OIDC_ISSUER: issuerUrl.optional(),
});

export type DoctorConfig = {
  parts: Array<{ name: string; url: string }>;
  /** Where they show their metrics; `undefined`: on their own ports. */
  operationsPort: number | undefined;
  redisUrl: string | undefined;
  databaseUrl: string;
  /** By whom agents sign in; `undefined`: by nobody. */
  issuer: string | undefined;
  /** Whose disks are looked at, those that are there. */
  paths: string[];
};

/** Throws `SettingError`. `WORKER_URL` says that worker and api are processes apart. */
export function readDoctorConfig(environment: Readonly<Record<string, string | undefined>>): DoctorConfig {
  const given = readSettings(settings, environment);
  const local = (number: number): string => `http://127.0.0.1:${number}`;
  const api = given.API_URL ?? local(given.CONVERSATIONS_PORT);
  const dataDir = resolve(given.DATA_DIR);
  return {
    parts: [
      { name: "ingest", url: given.INGEST_URL ?? local(given.INGEST_PORT) },
      ...(given.WORKER_URL === undefined
        ? [{ name: "conversations", url: api }]
        : [
            { name: "worker", url: given.WORKER_URL },
            { name: "api", url: api },
          ]),
      { name: "web", url: given.WEB_URL ?? local(given.WEB_PORT) },
      // Not everyone has it.
      ...(given.WHATSAPP_URL === undefined ? [] : [{ name: "whatsapp", url: given.WHATSAPP_URL }]),
    ],
    operationsPort: given.OPERATIONS_PORT,
    redisUrl: given.REDIS_URL,
    databaseUrl: databaseUrlOf(given),
    issuer: given.OIDC_ISSUER,
    // A container's own root lies on the disk of its engine, and so do the volumes beside it.
    paths:
      environment["DATA_DIR"] === undefined && environment["NODE_ENV"] === "production" ? ["/"] : [dataDir],
  };
}
