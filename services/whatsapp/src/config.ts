import { z } from "zod";
import { trustedProxies, type TrustedProxies } from "@fio/service/client-address";
import { common, operationsPort, port, readSettings, redisUrl } from "@fio/service/env";

const settings = z.object({
  ...common,
  WHATSAPP_PORT: port(8002),
  OPERATIONS_PORT: operationsPort,
  REDIS_URL: redisUrl,
  TRUSTED_PROXIES: trustedProxies,
});

export type Config = {
  host: string;
  port: number;
  /** Of metrics; `undefined`: the same. */
  operationsPort: number | undefined;
  logLevel: string;
  redisUrl: string;
  trustedProxies: TrustedProxies;
};

/** Throws `SettingError`. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = readSettings(settings, environment);
  return {
    host: given.HOST,
    port: given.WHATSAPP_PORT,
    operationsPort: given.OPERATIONS_PORT,
    logLevel: given.LOG_LEVEL,
    redisUrl: given.REDIS_URL,
    trustedProxies: given.TRUSTED_PROXIES,
  };
}
