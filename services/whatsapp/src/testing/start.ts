import { createLog } from "@fio/service/log";
import { until } from "../../../../test/support/until.ts";
import { readConfig } from "../config.ts";
import type { Patience } from "../outbound/sender.ts";
import { startWhatsapp } from "../whatsapp.ts";

export type TestWhatsapp = {
  url: string;
  metrics: () => Promise<string>;
  stop: () => Promise<void>;
};

/** The service on a free port, wired as in production. Resolves once it is ready. */
export async function startTestWhatsapp({
  redisUrl,
  env = {},
  patience,
}: {
  redisUrl: string;
  patience?: Patience;
  env?: Record<string, string>;
}): Promise<TestWhatsapp> {
  const config = readConfig({ REDIS_URL: redisUrl, WHATSAPP_PORT: "0", ...env });
  const { listening, stop } = await startWhatsapp({
    config,
    log: createLog({ service: "whatsapp", level: "silent" }),
    patience,
  });
  const { url } = listening;
  await until(async () => (await fetch(`${url}/readyz`)).status === 200, { what: "whatsapp is ready" });
  return {
    url,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    stop: async () => {
      for (const step of stop) await step();
    },
  };
}
