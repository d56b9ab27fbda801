import { join } from "node:path";
import { CannotStart } from "../lib/cannot.ts";
import { commandOf, ROOT, type ServiceName } from "../lib/services.ts";
import { startChild } from "./child.ts";
import { addressOf, type StartConfig } from "./config.ts";
import { openLog } from "./logs.ts";

type Options = {
  config: StartConfig;
  redisUrl: string;
  /** Of the web app and of ingest alone; `undefined` when the environment has one. */
  webSecret: string | undefined;
  onLaunch: (stop: (limitMs: number) => Promise<void>) => void;
  say: (line: string) => void;
};

/**
 * Starts a service and resolves once it is ready. Throws {@link CannotStart} with the service's own output, which for a
 * wrong variable is one line.
 */
export async function startService(
  service: ServiceName,
  { config, redisUrl, webSecret, onLaunch, say }: Options,
): Promise<void> {
  const early: string[] = [];
  let show = (line: string): void => void early.push(line);
  const log = openLog({
    directory: join(config.dataDir, "logs"),
    name: service,
    verbose: config.verbose,
    show: (line) => show(line),
  });
  const { url } = addressOf(config, service);
  const started = startChild({
    name: service,
    program: process.execPath,
    args: commandOf(service),
    cwd: ROOT,
    env: {
      ...process.env,
      ...(webSecret === undefined || service === "conversations" ? {} : { WEB_SECRETS: webSecret }),
      REDIS_URL: redisUrl,
      DATABASE_URL: config.databaseUrl,
      DATA_DIR: config.dataDir,
      INGEST_PORT: String(config.ports.ingest),
      CONVERSATIONS_PORT: String(config.ports.conversations),
      WEB_PORT: String(config.ports.web),
      INGEST_URL: process.env["INGEST_URL"] ?? addressOf(config, "ingest").url,
      API_URL: process.env["API_URL"] ?? addressOf(config, "conversations").url,
    },
    guarded: true,
    ready: () => isReady(url),
    onLaunch: (stop) => onLaunch((limitMs) => stop(limitMs).then(log.close)),
    onLine: log.write,
    say,
  });
  await started.catch((error: unknown) => {
    if (error instanceof CannotStart && early.length > 0) throw new CannotStart(early.join("\n"));
    throw error;
  });
  early.forEach(say);
  show = say;
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.status === 200;
}
