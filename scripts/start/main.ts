import { randomBytes } from "node:crypto";
import { SettingError } from "@fio/service/env";
import { buildWebIfStale } from "../lib/build-web.ts";
import { CannotStart } from "../lib/cannot.ts";
import { addressOf, readStartConfig } from "./config.ts";
import { takeLock } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { claimPorts } from "./ports.ts";
import { bringRedis } from "./redis.ts";
import { startService } from "./services.ts";
import { stack } from "./stack.ts";
import { table } from "./table.ts";

/** The limit is 10 s; the rest is for the process itself. */
const STOP_LIMIT_MS = 9_000;
const DRAIN_LIMIT_MS = 12_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const running = stack();
let stopping: Promise<never> | undefined;

const stop = (code: number): Promise<never> =>
  (stopping ??= running.unwind(STOP_LIMIT_MS).then(() => process.exit(code)));

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping === undefined) say("\nStopping");
    void stop(0);
  });
}

/** By which ingest knows the web app until the next start: nothing else needs it, so that it is kept nowhere. */
const newWebSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

async function start(): Promise<void> {
  const startedAt = performance.now();
  const wanted = readStartConfig(process.env, process.argv.slice(2));
  const lock = takeLock(wanted.dataDir);
  running.add(lock.release);
  const config = await claimPorts(wanted, lock.left === null ? 0 : DRAIN_LIMIT_MS);

  const redis = await bringRedis(config, { leftPort: lock.left?.redisPort, onLaunch: running.add, say });
  lock.note({
    pid: process.pid,
    ports: Object.values(config.ports),
    urls: {
      ingest: addressOf(config, "ingest").url,
      conversations: addressOf(config, "conversations").url,
      web: addressOf(config, "web").url,
    },
    ...(redis.port === undefined ? {} : { redisPort: redis.port }),
  });
  say(`Redis: ${redis.how}`);
  await migrate(config);
  await buildWebIfStale(say);

  const webSecret = config.hasWebSecret ? undefined : newWebSecret();
  for (const service of ["conversations", "ingest", "web"] as const) {
    if (stopping !== undefined) return;
    await startService(service, { config, redisUrl: redis.url, webSecret, onLaunch: running.add, say });
  }
  if (stopping !== undefined) return;
  say(table(config, { redis: redis.how, seconds: (performance.now() - startedAt) / 1_000 }));
}

try {
  await start();
} catch (error) {
  // A start that is stopped midway fails as expected: nothing to report.
  if (stopping !== undefined) await stopping;
  if (error instanceof CannotStart || error instanceof SettingError)
    process.stderr.write(`${error.message}\n`);
  else console.error(error);
  await stop(1);
}
