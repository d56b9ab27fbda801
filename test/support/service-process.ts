import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { commandOf, PROCESSES, ROOT, type ProcessName } from "../../scripts/lib/services.ts";
import { freePort } from "./redis-server.ts";
import { until } from "./until.ts";

/** One of Fio's own processes, on a port of its own that it keeps over restarts; a test may break it as it likes. */
export type ServiceProcess = {
  name: string;
  url: string;
  /** Of the process that runs now. */
  pid: () => number | undefined;
  /** Starts it, or starts it again; resolves once `/readyz` says so, unless `ready` is false. */
  start: (options?: { ready?: boolean }) => Promise<void>;
  /** Ends it as a crash would. */
  kill: () => Promise<void>;
  /** SIGTERM; resolves with its exit code (`null` when a signal ended it). */
  stop: () => Promise<number | null>;
  /** SIGSTOP. */
  pause: () => void;
  resume: () => void;
  /** All it has written, over restarts. */
  log: () => Promise<string>;
};

/**
 * Prepares a process; nothing runs before `start()`. `env` is all that it inherits beside PATH and HOME; `entry` takes
 * the place of the service's own main file.
 */
export async function serviceProcess({
  service,
  name = service,
  dataDir,
  env,
  entry,
}: {
  service: ProcessName;
  name?: string;
  dataDir: string;
  env: Record<string, string>;
  entry?: string | undefined;
}): Promise<ServiceProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(dataDir, `${name}.log`);
  mkdirSync(dataDir, { recursive: true });
  let child: ChildProcess | undefined;

  const log = (): Promise<string> => readFile(logFile, "utf8").catch(() => "");
  const runs = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child === undefined || !runs()) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child?.once("exit", (code) => resolve(code)));
    child.kill(signal);
    return gone;
  };
  const ready = async (): Promise<boolean> => {
    if (!runs()) throw new Error(`${name} ended while it started:\n${(await log()).slice(-4_000)}`);
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    await answer?.body?.cancel();
    return answer?.status === 200;
  };

  return {
    name,
    url,
    pid: () => (runs() ? child?.pid : undefined),
    start: async ({ ready: wait = true } = {}) => {
      const output = openSync(logFile, "a");
      child = spawn(
        process.execPath,
        entry === undefined ? commandOf(service) : [...commandOf(service).slice(0, -1), entry],
        {
          cwd: ROOT,
          // A file, not a pipe: a paused or dead test never blocks what it started.
          stdio: ["ignore", output, output, "ipc"],
          env: {
            PATH: process.env["PATH"],
            HOME: process.env["HOME"],
            ...env,
            DATA_DIR: dataDir,
            [PROCESSES[service].portSetting]: String(port),
          },
        },
      );
      closeSync(output);
      if (wait) await until(ready, { what: `${name} is ready` });
    },
    kill: async () => {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    log,
  };
}
