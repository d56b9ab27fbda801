import { resolve } from "node:path";
import { z } from "zod";
import { common, databaseUrl, port, readSettings, redisUrl } from "@fio/service/env";
import { secretKeys } from "@fio/service/secrets";
import { ROOT, SERVICES, type ServiceName } from "../lib/services.ts";

/** What `npm start` itself needs to know; the services check the rest of the environment themselves. */
export type StartConfig = {
  host: string;
  /** 0 means any free one. */
  ports: Record<ServiceName, number>;
  /** None: a private server. */
  redisUrl: string | undefined;
  databaseUrl: string;
  /** Absolute. */
  dataDir: string;
  /** Whether the environment names what the web app signs with. */
  hasWebSecret: boolean;
  /** Shows every log line, not only warnings and errors. */
  verbose: boolean;
};

const settings = z.object({
  ...common,
  INGEST_PORT: port(8000),
  CONVERSATIONS_PORT: port(8001),
  WEB_PORT: port(3000),
  REDIS_URL: redisUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  WEB_SECRETS: secretKeys,
  DATA_DIR: z.string().default(".data"),
});

/** Throws SettingError for a value that is not valid. */
export function readStartConfig(environment: NodeJS.ProcessEnv, args: readonly string[]): StartConfig {
  const read = readSettings(settings, environment);
  const dataDir = resolve(ROOT, read.DATA_DIR);
  return {
    host: read.HOST,
    ports: { ingest: read.INGEST_PORT, conversations: read.CONVERSATIONS_PORT, web: read.WEB_PORT },
    redisUrl: read.REDIS_URL,
    databaseUrl: read.DATABASE_URL ?? `sqlite:${dataDir}/fio.db`,
    dataDir,
    hasWebSecret: read.WEB_SECRETS.length > 0,
    verbose: args.includes("--verbose"),
  };
}

/** The variable and the address that belong to a service, for messages and probes. */
export function addressOf(config: StartConfig, service: ServiceName): { setting: string; url: string } {
  const everywhere = config.host === "0.0.0.0" || config.host === "::";
  const host = everywhere ? "127.0.0.1" : config.host.includes(":") ? `[${config.host}]` : config.host;
  return { setting: SERVICES[service].portSetting, url: `http://${host}:${config.ports[service]}` };
}
