import { join } from "node:path";
import { z } from "zod";
import { MAX_PARTITIONS } from "@fio/contracts";
import {
  SettingError,
  common,
  count,
  databaseUrl,
  flag,
  issuerUrl,
  list,
  operationsPort,
  port,
  readSettings,
  redisUrl,
} from "@fio/service/env";
import { tracingOf, tracingSettings, type TracingConfig } from "@fio/service/tracing/open-tracing";
import { TOO_SHORT, bearerTokens, isLongEnough, secretKeys } from "@fio/service/secrets";
import type { Roles } from "./store/grants.ts";
import { roleOf, type Login, type Logins } from "./store/roles.ts";

const role = z.enum(["worker", "api", "all"], { message: "must be worker, api or all" }).default("all");

const database = {
  DATABASE_URL: databaseUrl.optional(),
  DATA_DIR: z.string().default(".data"),
};

export const storeSettings = z.object({ LOG_LEVEL: common.LOG_LEVEL, ...database });

const migrationSettings = storeSettings.extend({
  WORKER_ROLE: z.string().default("fio_worker"),
  API_ROLE: z.string().default("fio_api"),
  DOCTOR_ROLE: z.string().default("fio_doctor"),
});

/** `postgres://name:password@…`, of which the name and the password are what counts; comma-separated, several logins of one role. */
const logins = z
  .string()
  .optional()
  .transform((text) => (text === undefined ? [] : text.split(/\s*,\s*(?=postgres(?:ql)?:\/\/)/)))
  .pipe(z.array(databaseUrl))
  .transform((urls) => urls.filter((url) => URL.canParse(url)).map((url) => new URL(url)))
  .refine((urls) => urls.every((url) => url.username !== "" && url.password !== ""), {
    message: "must name a role and its password: postgres://name:password@host/database",
  })
  .refine((urls) => urls.every((url) => isLongEnough(decodeURIComponent(url.password))), {
    message: `its password ${TOO_SHORT}`,
  })
  .transform((urls): Login[] =>
    urls.map((url) => ({
      name: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    })),
  )
  .refine((given) => new Set(given.map(roleOf)).size <= 1, {
    message: "must name logins of one role: its own, and a second one with _second after its name",
  });

const rolesSettings = z.object({
  LOG_LEVEL: common.LOG_LEVEL,
  DATABASE_ADMIN_URL: databaseUrl.optional(),
  OWNER_DATABASE_URL: logins,
  WORKER_DATABASE_URL: logins,
  API_DATABASE_URL: logins,
  DOCTOR_DATABASE_URL: logins,
});

const workerPartitions = list
  .transform((given) => given.map(Number))
  .refine((given) => given.every((one) => Number.isInteger(one) && one >= 0 && one < MAX_PARTITIONS), {
    message: `must be numbers of partitions from 0 to ${MAX_PARTITIONS - 1}, e.g. 0,2`,
  })
  .transform((given) => (given.length === 0 ? null : [...new Set(given)]));

/** Where answers leave to, and what they are signed with; the same for every worker. */
export const deliverySettings = {
  DELIVERY_URL: z
    .url({ protocol: /^https?$/, message: "must begin with http:// or https://" })
    .refine((url) => !URL.canParse(url) || new URL(url).username + new URL(url).password === "", {
      message: "must hold no password: what is sent there is signed with DELIVERY_SECRETS",
    })
    .optional(),
  DELIVERY_SECRETS: secretKeys,
};

/** An issuer of identities by which agents sign in. */
const oidcSettings = {
  OIDC_ISSUER: issuerUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_ALLOWED_DOMAINS: list
    .transform((domains) => domains.map((domain) => domain.toLowerCase().replace(/^@/, "")))
    .refine((domains) => domains.every((domain) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)), {
      message: "must be domains of e-mail addresses, e.g. example.com,example.com.br",
    }),
};

const settings = z.object({
  ...common,
  ...database,
  ...oidcSettings,
  CONVERSATIONS_PORT: port(8001),
  OPERATIONS_PORT: operationsPort,
  REDIS_URL: redisUrl,
  ROLE: role,
  WORKER_PARTITIONS: workerPartitions,
  WAIT_GRACE_SECONDS: count(6),
  DATABASE_READ_URL: databaseUrl.optional(),
  ...deliverySettings,
  RETENTION_DAYS: z.coerce
    .number({ message: "must be a number of days" })
    .int({ message: "must be a whole number of days" })
    .min(1, { message: "must be at least 1; unset, nothing is erased for its age" })
    .max(36_500, { message: "must be at most 36500" })
    .optional(),
  ...tracingSettings,
  API_TOKENS: bearerTokens,
  AGENTS_SEE: z.enum(["all", "own"], { message: "must be all or own" }).default("all"),
  ALLOW_ANONYMOUS_READS: flag,
});

/** What a process needs that only works on the store. */
export type StoreConfig = { logLevel: string; databaseUrl: string };

export type Config = StoreConfig & {
  host: string;
  port: number;
  /** Of metrics and documentation; `undefined`: the same. */
  operationsPort: number | undefined;
  redisUrl: string;
  /** A replica of the store for the api to read from, if there is one. */
  databaseReadUrl: string | null;
  /** What this process does: apply events, answer reads, or both. */
  roles: { worker: boolean; api: boolean };
  /** The partitions that the worker takes jobs from; `null`: from all. */
  workerPartitions: number[] | null;
  /** In production a one-shot process migrates, so that no server needs the right to change the schema. */
  migrateAtStart: boolean;
  /** How long a missing conversation is reported as waited for; 0 reports it as refused at once. */
  waitGraceSeconds: number;
  /** Where a worker sends what agents wrote; `null`: nowhere. */
  delivery: { url: string; keys: readonly Buffer[] } | null;
  /** A worker erases closed conversations that have been quiet for so long; `null`: none. */
  retentionDays: number | null;
  /** Of the worker. */
  tracing: TracingConfig;
  /** By whom agents sign in beside their passwords; `null`: by nobody. */
  oidc: OidcConfig | null;
  /** Whether accounts of agents see all conversations, or their own and nobody's. */
  agentsSee: "all" | "own";
  /** Any of them lets a reader in; `null` lets everyone. */
  apiTokens: string[] | null;
};

/** `allowedDomains`: whoever has an address there gets an account by signing in. */
export type OidcConfig = { url: string; clientId: string; secret: string; allowedDomains: string[] };

type Environment = Readonly<Record<string, string | undefined>>;

export type MigrationConfig = StoreConfig & { roles: Roles };

/** For the command that migrates. Throws {@link SettingError}. */
export function readMigrationConfig(environment: Environment): MigrationConfig {
  const given = readSettings(migrationSettings, environment);
  return {
    logLevel: given.LOG_LEVEL,
    databaseUrl: databaseUrlOf(given),
    roles: { worker: given.WORKER_ROLE, api: given.API_ROLE, doctor: given.DOCTOR_ROLE },
  };
}

/** `admin`: `null` where the roles are not Fio's to make. */
export type RolesConfig = { logLevel: string; admin: { url: string; logins: Logins } | null };

/** For the command that makes the roles. Throws {@link SettingError}. */
export function readRolesConfig(environment: Environment): RolesConfig {
  const given = readSettings(rolesSettings, environment);
  const url = given.DATABASE_ADMIN_URL;
  if (url === undefined) return { logLevel: given.LOG_LEVEL, admin: null };
  const loginsOf = (name: "OWNER" | "WORKER" | "API"): Login[] => {
    const found = given[`${name}_DATABASE_URL`];
    if (found.length === 0)
      throw new SettingError(`${name}_DATABASE_URL: must be set beside DATABASE_ADMIN_URL`);
    return found;
  };
  const doctor = given.DOCTOR_DATABASE_URL;
  return {
    logLevel: given.LOG_LEVEL,
    admin: {
      url,
      logins: {
        ...{ owner: loginsOf("OWNER"), worker: loginsOf("WORKER"), api: loginsOf("API") },
        doctor: doctor.length === 0 ? null : doctor,
      },
    },
  };
}

/** For the command that replays. Throws {@link SettingError}. */
export function readReplayConfig(environment: Environment): StoreConfig & { redisUrl: string } {
  const given = readSettings(storeSettings.extend({ REDIS_URL: redisUrl }), environment);
  return { logLevel: given.LOG_LEVEL, databaseUrl: databaseUrlOf(given), redisUrl: given.REDIS_URL };
}

/** `migrates`: outside production nobody else does. */
export type AgentConfig = { databaseUrl: string; webUrl: string; migrates: boolean };

/** For the command that makes accounts. Throws {@link SettingError}. */
export function readAgentConfig(environment: Environment): AgentConfig {
  const shape = z.object({ ...common, ...database, WEB_PORT: port(3000), PUBLIC_URL: z.url().optional() });
  const given = readSettings(shape, environment);
  return {
    databaseUrl: databaseUrlOf(given),
    webUrl:
      given.PUBLIC_URL === undefined
        ? `http://127.0.0.1:${given.WEB_PORT}`
        : new URL(given.PUBLIC_URL).origin,
    migrates: given.NODE_ENV !== "production",
  };
}

/** Throws {@link SettingError}, also in production when nobody said who may read. */
export function readConfig(environment: Environment): Config {
  const given = readSettings(settings, environment);
  const production = given.NODE_ENV === "production";
  const roles = { worker: given.ROLE !== "api", api: given.ROLE !== "worker" };
  const tokens = given.API_TOKENS;
  if (production && roles.api && tokens.length === 0 && !given.ALLOW_ANONYMOUS_READS) {
    throw new SettingError(
      "API_TOKENS: must be set in production, or ALLOW_ANONYMOUS_READS=true lets anyone read",
    );
  }
  return {
    host: given.HOST,
    port: given.CONVERSATIONS_PORT,
    operationsPort: given.OPERATIONS_PORT,
    logLevel: given.LOG_LEVEL,
    redisUrl: given.REDIS_URL,
    databaseUrl: databaseUrlOf(given),
    databaseReadUrl: readUrlOf(given),
    roles,
    workerPartitions: given.WORKER_PARTITIONS,
    migrateAtStart: !production,
    waitGraceSeconds: given.WAIT_GRACE_SECONDS,
    delivery: roles.worker ? deliveryOf(given) : null,
    retentionDays: roles.worker ? (given.RETENTION_DAYS ?? null) : null,
    tracing: tracingOf(given),
    oidc: roles.api ? oidcOf(given) : null,
    agentsSee: given.AGENTS_SEE,
    apiTokens: tokens.length > 0 ? tokens : null,
  };
}

function deliveryOf({
  DELIVERY_URL: url,
  DELIVERY_SECRETS: keys,
}: {
  DELIVERY_URL?: string | undefined;
  DELIVERY_SECRETS: Buffer[];
}): Config["delivery"] {
  if (url === undefined) return null;
  if (keys.length === 0) {
    throw new SettingError(
      "DELIVERY_SECRETS: must be set beside DELIVERY_URL, so that the receiver knows who sends",
    );
  }
  return { url, keys };
}

function oidcOf({
  OIDC_ISSUER: url,
  OIDC_CLIENT_ID: clientId,
  OIDC_CLIENT_SECRET: secret,
  OIDC_ALLOWED_DOMAINS: allowedDomains,
}: z.output<z.ZodObject<typeof oidcSettings>>): OidcConfig | null {
  if (url === undefined) return null;
  if (clientId === undefined) throw new SettingError("OIDC_CLIENT_ID: must be set beside OIDC_ISSUER");
  if (secret === undefined) throw new SettingError("OIDC_CLIENT_SECRET: must be set beside OIDC_ISSUER");
  return { url, clientId, secret, allowedDomains };
}

/** SQLite has no replicas. */
function readUrlOf({
  DATABASE_URL,
  DATABASE_READ_URL,
}: {
  DATABASE_URL?: string | undefined;
  DATABASE_READ_URL?: string | undefined;
}): string | null {
  if (DATABASE_READ_URL === undefined) return null;
  if (DATABASE_READ_URL.startsWith("sqlite:") || DATABASE_URL?.startsWith("postgres") !== true) {
    throw new SettingError(
      "DATABASE_READ_URL: must be a replica in Postgres of a DATABASE_URL in Postgres (postgres://…)",
    );
  }
  return DATABASE_READ_URL;
}

export function databaseUrlOf({
  DATABASE_URL,
  DATA_DIR,
}: {
  DATABASE_URL?: string | undefined;
  DATA_DIR: string;
}): string {
  return DATABASE_URL ?? `sqlite:${join(DATA_DIR, "fio.db")}`;
}
