import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { CannotStart } from "../lib/cannot.ts";

export type ChildOptions = {
  name: string;
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** A Node process that should end with this one: it gets an IPC channel to notice. */
  guarded: boolean;
  ready: () => Promise<boolean>;
  /** Receives its stop function, before it is ready: SIGTERM, SIGKILL after `limitMs`, and no restart. */
  onLaunch: (stop: (limitMs: number) => Promise<void>) => void;
  /** Each line that it writes. */
  onLine: (line: string) => void;
  /** Messages for the operator: that it exited, that it is ready again. */
  say: (line: string) => void;
};

const LONGEST_PAUSE_MS = 30_000;
const START_LIMIT_MS = 60_000;

/**
 * Starts a program and resolves once it is ready; from then on it is restarted whenever it exits, after a pause
 * that doubles from one second while it keeps exiting. Throws {@link CannotStart} when it ends before it was ready.
 */
export async function startChild(options: ChildOptions): Promise<void> {
  const { name, say } = options;
  let stopped = false;
  const stopping = (): boolean => stopped;
  let child: ChildProcess;
  let pauseMs = 1_000;

  const launch = (): Promise<string> => {
    child = spawn(options.program, options.args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe", ...(options.guarded ? (["ipc"] as const) : [])],
      // A group of its own: Ctrl-C reaches only us, and we stop them in order.
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on("line", options.onLine);
    }
    return endOf(child);
  };
  const keepRunning = async (end: Promise<string>): Promise<void> => {
    for (;;) {
      const startedAt = Date.now();
      const how = await end;
      if (stopping()) return;
      if (Date.now() - startedAt > 2 * LONGEST_PAUSE_MS) pauseMs = 1_000;
      say(`${name} exited unexpectedly (${how}); restarting it in ${pauseMs / 1_000} s`);
      await sleep(pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      if (stopping()) return;
      end = launch();
      void untilReady(options.ready, end).then((problem) => {
        if (problem === null && !stopping()) say(`${name} is ready again`);
      });
    }
  };

  const stop = async (limitMs: number): Promise<void> => {
    stopped = true;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    await gone;
    clearTimeout(timer);
  };

  const end = launch();
  options.onLaunch(stop);
  const problem = await untilReady(options.ready, end);
  if (problem !== null) {
    await stop(2_000);
    throw new CannotStart(`${name} did not start (${problem})`);
  }
  void keepRunning(end);
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    // "close" comes after its last line has been read.
    child.once("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** `null` once it is ready, else why it will not be. */
async function untilReady(ready: () => Promise<boolean>, end: Promise<string>): Promise<string | null> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const ended = await Promise.race([sleep(50, null), end]);
    if (ended !== null) return ended;
    if (await ready()) return null;
    if (Date.now() > deadline) return `not ready within ${START_LIMIT_MS / 1_000} s`;
  }
}
