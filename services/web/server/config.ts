import { z } from "zod";
import { trustedProxies, type TrustedProxies } from "@fio/service/client-address";
import {
  SettingError,
  common,
  flag,
  issuerUrl,
  list,
  operationsPort,
  port,
  readSettings,
  serviceUrl,
} from "@fio/service/env";
import { bearerTokens, secretKeys } from "@fio/service/secrets";

/** An address without anything behind its host. */
const origin = z
  .string()
  .refine(
    (text) =>
      /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).href === `${new URL(text).origin}/`,
    { message: "must be where agents reach the app, without a path, e.g. https://fio.example.com" },
  )
  .transform((text) => new URL(text))
  .optional();

/** `host` or `host:port`, as a URL has them. */
const hosts = list.refine(
  (names) =>
    names.every((name) => URL.canParse(`https://${name}`) && new URL(`https://${name}`).host === name),
  { message: "must be hosts as an address names them, comma-separated, e.g. minio.internal:9000" },
);

const settings = z.object({
  ...common,
  WEB_PORT: port(3000),
  OPERATIONS_PORT: operationsPort,
  INGEST_PORT: port(8000),
  CONVERSATIONS_PORT: port(8001),
  INGEST_URL: serviceUrl.optional(),
  API_URL: serviceUrl.optional(),
  API_TOKENS: bearerTokens,
  WEB_SECRETS: secretKeys,
  PUBLIC_URL: origin,
  TRUSTED_PROXIES: trustedProxies,
  MEDIA_PRIVATE_HOSTS: hosts,
  SIMULATOR: flag.optional(),
  OIDC_ISSUER: issuerUrl.optional(),
  OIDC_NAME: z.string().max(40, { message: "must have at most 40 characters, e.g. Google" }).optional(),
  SIGN_IN: z.enum(["required", "off"], { message: "must be required or off" }).optional(),
});

export type Config = {
  host: string;
  port: number;
  /** Of the metrics; `undefined`: the same. */
  operationsPort: number | undefined;
  logLevel: string;
  production: boolean;
  ingestUrl: string;
  apiUrl: string;
  /** The token for the read API; `undefined` when it needs none. */
  apiToken: string | undefined;
  /** Signs what is posted to ingest, by which it tells agents from senders; `undefined`: agents' acts are refused there. */
  webKey: Buffer | undefined;
  /** Where agents reach the app; `undefined`: on this machine alone. */
  publicUrl: URL | undefined;
  trustedProxies: TrustedProxies;
  /** Hosts with files that agents may see though they are in a network of our own. */
  mediaPrivateHosts: string[];
  /** Whether an agent may write as if they were the customer. */
  simulator: boolean;
  /** Whether nobody gets in without an account. */
  signInRequired: boolean;
  /** What the issuer of identities is called, by which the read API signs agents in; `null`: there is none. */
  oidcName: string | null;
};

/** Throws `SettingError`, also in production without a secret to sign with. Of several tokens or secrets every one is valid: the first is used. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = readSettings(settings, environment);
  const production = given.NODE_ENV === "production";
  if (production && given.WEB_SECRETS.length === 0) {
    throw new SettingError("WEB_SECRETS: must be set in production, to one that ingest has too");
  }
  return {
    host: given.HOST,
    port: given.WEB_PORT,
    operationsPort: given.OPERATIONS_PORT,
    logLevel: given.LOG_LEVEL,
    production,
    ingestUrl: given.INGEST_URL ?? `http://127.0.0.1:${given.INGEST_PORT}`,
    apiUrl: given.API_URL ?? `http://127.0.0.1:${given.CONVERSATIONS_PORT}`,
    apiToken: given.API_TOKENS[0],
    webKey: given.WEB_SECRETS[0],
    publicUrl: given.PUBLIC_URL,
    trustedProxies: given.TRUSTED_PROXIES,
    mediaPrivateHosts: given.MEDIA_PRIVATE_HOSTS,
    simulator: environment["SIMULATOR"] === undefined ? !production : given.SIMULATOR === true,
    signInRequired: given.SIGN_IN === undefined ? production : given.SIGN_IN === "required",
    oidcName:
      given.OIDC_ISSUER === undefined ? null : (given.OIDC_NAME ?? new URL(given.OIDC_ISSUER).hostname),
  };
}
