import { join } from "node:path";
import { redisHosts } from "@fio/service/redis-url";
import { CannotStart } from "../lib/cannot.ts";
import { tryPort } from "../lib/ports.ts";
import { findRedis } from "../redis/find.ts";
import { answers, endStaleRedis, redisDirectory, redisSettings } from "../redis/private.ts";
import { startChild } from "./child.ts";
import type { StartConfig } from "./config.ts";
import { openLog } from "./logs.ts";

export type Brought = { url: string; how: string; port?: number };

/** The Redis to use: the one of REDIS_URL, else a private one. `leftPort` is that of a start that was killed. */
export async function bringRedis(
  config: StartConfig,
  {
    leftPort,
    onLaunch,
    say,
  }: {
    leftPort: number | undefined;
    onLaunch: (stop: (limitMs: number) => Promise<void>) => void;
    say: (line: string) => void;
  },
): Promise<Brought> {
  if (config.redisUrl !== undefined) return given(config.redisUrl);
  const { dataDir, verbose } = config;
  const directory = await redisDirectory(dataDir);
  if (leftPort !== undefined) await endStaleRedis({ port: leftPort, directory });
  const found = await findRedis({ dataDir, say });
  await found.clear?.();

  const port = await tryPort(0);
  if (typeof port === "string") throw new CannotStart("No free port for a private Redis: set REDIS_URL");
  const { program, args } = found.command({ port, directory, settings: redisSettings() });
  const log = openLog({
    directory: join(dataDir, "logs"),
    name: "redis",
    // Its lines are not JSON, so the filter for important lines does not apply: show none unless verbose.
    show: (line) => {
      if (verbose) say(line);
    },
    verbose,
  });
  const started = startChild({
    name: "redis",
    program,
    args,
    cwd: dataDir,
    env: process.env,
    guarded: false,
    ready: () => answers(port),
    onLaunch: (stop) => onLaunch((limitMs) => stop(limitMs).then(log.close)),
    onLine: log.write,
    say,
  });
  await started.catch((error: unknown) => {
    throw error instanceof CannotStart
      ? new CannotStart(`${error.message}: see ${join(dataDir, "logs/redis.log")}`)
      : error;
  });
  return { url: `redis://127.0.0.1:${port}`, how: `private, port ${port}: ${found.how}`, port };
}

async function given(url: string): Promise<Brought> {
  const hosts = redisHosts(url);
  if (await answers(url)) return { url, how: `${hosts} (from REDIS_URL)` };
  throw new CannotStart(
    `REDIS_URL: no Redis answers at ${hosts}; start it, or unset REDIS_URL to use a private one`,
  );
}
