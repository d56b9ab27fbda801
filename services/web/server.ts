import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RequestListener } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { createBodyBudget } from "@fio/service/body-budget";
import { clientAddress } from "@fio/service/client-address";
import { SettingError } from "@fio/service/env";
import { keepLoopbackDirect } from "@fio/service/keep-loopback-direct";
import { listen } from "@fio/service/listen";
import { createLog } from "@fio/service/log";
import { listenApart } from "@fio/service/operations";
import { run } from "@fio/service/process";
import { createAccounts } from "./server/accounts.ts";
import { createApi } from "./server/api.ts";
import { readConfig } from "./server/config.ts";
import { createDoor } from "./server/door.ts";
import { createIngest } from "./server/ingest.ts";
import { createFetchMedia } from "./server/media/fetch-media.ts";
import { createListener } from "./server/listener.ts";
import { createMetrics } from "./server/metrics.ts";
import { refusalAnswer } from "./server/refusals.ts";

const BUILD = join(import.meta.dirname, "build/server/index.js");
const development = process.argv.includes("--dev");
const log = createLog({ service: "web", level: "info" });

await run({
  log,
  limitMs: 8_000,
  start: async () => {
    keepLoopbackDirect(process.env);
    const config = readConfig(process.env);
    log.level = config.logLevel;
    const stop = new AbortController();
    const metrics = createMetrics();
    const secureCookies = config.publicUrl?.protocol === "https:";
    const { signInRequired } = config;
    const access = { url: config.apiUrl, token: config.apiToken, call: metrics.counted("api", fetch) };
    const accounts = createAccounts(access);
    const clientOf = clientAddress({ trusted: config.trustedProxies });
    const context = {
      accounts,
      door: createDoor({ required: signInRequired, accounts, secure: secureCookies, now: Date.now }),
      signInRequired,
      oidcName: config.oidcName,
      apiFor: (session: string | null) => createApi(access, session),
      ingest: createIngest({
        url: config.ingestUrl,
        key: config.webKey,
        call: metrics.counted("ingest", fetch),
        now: Date.now,
      }),
      fetchMedia: metrics.countedMedia(createFetchMedia({ privateHosts: config.mediaPrivateHosts })),
      simulator: config.simulator,
      publicUrl: config.publicUrl,
      secureCookies,
      log,
      stopping: stop.signal,
    };
    const app: RequestListener = development
      ? await (await import("./server/development.ts")).developmentListener({ context, clientOf })
      : createListener({
          build: await loadBuild(),
          mode: "production",
          context,
          budget: createBodyBudget(),
          publicUrl: config.publicUrl,
          clientOf,
          metrics,
          metricsApart: config.operationsPort !== undefined,
          log,
        });
    const listening = await listen(app, {
      host: config.host,
      port: config.port,
      setting: "WEB_PORT",
      answerOf: refusalAnswer,
    });
    const apart = await listenApart(
      // Ready even when an upstream is not, as on its own port.
      { ready: () => Promise.resolve(null), registry: metrics.registry },
      { host: config.host, port: config.operationsPort },
    );
    log.info(
      { url: listening.url, ingest: config.ingestUrl, api: config.apiUrl, signInRequired },
      "listening",
    );
    if (config.publicUrl === undefined)
      log.info("PUBLIC_URL is not set: the app answers under names of this machine alone");
    const endStreams = (): Promise<void> => {
      stop.abort();
      return Promise.resolve();
    };
    return [endStreams, listening.close, apart.close];
  },
});

async function loadBuild(): Promise<ServerBuild> {
  if (!existsSync(BUILD)) throw new SettingError("The web app is not built: run npm run build first");
  return (await import(pathToFileURL(BUILD).href)) as ServerBuild;
}
