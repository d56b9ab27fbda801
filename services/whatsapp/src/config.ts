import { z } from "zod";
import { trustedProxies, type TrustedProxies } from "@fio/service/client-address";
import {
  SettingError,
  common,
  count,
  operationsPort,
  port,
  readSettings,
  redisUrl,
  serviceUrl,
} from "@fio/service/env";
import { bearerTokens, secretKeys } from "@fio/service/secrets";
import { outboundSettings, readOutbound, type OutboundSettings } from "./outbound/settings.ts";

const settings = z.object({
  ...common,
  WHATSAPP_PORT: port(8002),
  OPERATIONS_PORT: operationsPort,
  REDIS_URL: redisUrl,
  TRUSTED_PROXIES: trustedProxies,
  WHATSAPP_PUBLIC_URL: serviceUrl.optional(),
  WHATSAPP_MAX_BYTES: count(4 * 1024 * 1024, 1),
  WHATSAPP_APP_SECRETS: secretKeys,
  WHATSAPP_VERIFY_TOKENS: bearerTokens,
  WHATSAPP_WEBHOOK_TOKENS: bearerTokens,
  TWILIO_AUTH_TOKENS: bearerTokens,
  INGEST_URL: serviceUrl.default("http://127.0.0.1:8000"),
  API_URL: serviceUrl.default("http://127.0.0.1:8001"),
  WEBHOOK_SECRETS: secretKeys,
  WEB_SECRETS: secretKeys,
  API_TOKENS: bearerTokens,
  ...outboundSettings,
});

export type Config = {
  host: string;
  port: number;
  /** Of metrics; `undefined`: the same. */
  operationsPort: number | undefined;
  logLevel: string;
  redisUrl: string;
  trustedProxies: TrustedProxies;
  /** Where providers reach us, for those that sign it; `null`: as their requests say. */
  publicUrl: string | null;
  maxBytes: number;
  /** Of Meta's apps; each may sign. */
  appSecrets: Buffer[];
  /** Of providers that sign nothing. */
  webhookTokens: string[];
  twilioTokens: string[];
  /** By which Meta's verification is believed. */
  verifyTokens: string[];
  ingestUrl: string;
  apiUrl: string;
  /** Signs what is posted to ingest; `undefined`: nothing does. */
  signingKey: Buffer | undefined;
  /** Signs that refusals were seen to, as agents do; `undefined`: that is left to them. */
  webKey: Buffer | undefined;
  apiToken: string | undefined;
  /** How answers reach the Graph API; `null`: they do not. */
  outbound: OutboundSettings | null;
};

/** Throws {@link SettingError}, also in production when nothing that comes in could be believed. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = readSettings(settings, environment);
  const secrets = [given.WHATSAPP_APP_SECRETS, given.WHATSAPP_WEBHOOK_TOKENS, given.TWILIO_AUTH_TOKENS];
  if (given.NODE_ENV === "production" && secrets.every(({ length }) => length === 0)) {
    throw new SettingError(
      "WHATSAPP_APP_SECRETS: must be set in production (or WHATSAPP_WEBHOOK_TOKENS, or TWILIO_AUTH_TOKENS), or no webhook can be believed",
    );
  }
  return {
    host: given.HOST,
    port: given.WHATSAPP_PORT,
    operationsPort: given.OPERATIONS_PORT,
    logLevel: given.LOG_LEVEL,
    redisUrl: given.REDIS_URL,
    trustedProxies: given.TRUSTED_PROXIES,
    publicUrl: given.WHATSAPP_PUBLIC_URL ?? null,
    maxBytes: given.WHATSAPP_MAX_BYTES,
    appSecrets: given.WHATSAPP_APP_SECRETS,
    webhookTokens: given.WHATSAPP_WEBHOOK_TOKENS,
    twilioTokens: given.TWILIO_AUTH_TOKENS,
    verifyTokens: given.WHATSAPP_VERIFY_TOKENS,
    ingestUrl: given.INGEST_URL,
    apiUrl: given.API_URL,
    signingKey: given.WEBHOOK_SECRETS[0],
    webKey: given.WEB_SECRETS[0],
    apiToken: given.API_TOKENS[0],
    outbound: readOutbound(given),
  };
}
