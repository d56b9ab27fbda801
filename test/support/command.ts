import { spawn } from "node:child_process";
import { ROOT } from "../../scripts/lib/services.ts";
import { until } from "./until.ts";

/** A command as somebody at a terminal runs it: what it shows can be waited for, and Ctrl-C pressed. */
export type Command = {
  pid: number;
  stdout: () => string;
  stderr: () => string;
  shows: (what: string | RegExp, limitMs?: number) => Promise<void>;
  /** To the whole process group, as a terminal does. */
  ctrlC: () => void;
  kill: (signal: NodeJS.Signals) => void;
  /** Its exit code, `null` when a signal ended it. */
  ended: Promise<number | null>;
};

/** `env` is all that it inherits beside PATH and HOME. */
export function runCommand(
  program: string,
  args: string[],
  env: Record<string, string> = {},
  { cwd = ROOT }: { cwd?: string } = {},
): Command {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} cannot be run`);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let over = false;
  void ended.then(() => (over = true));
  return {
    pid,
    stdout: () => stdout,
    stderr: () => stderr,
    shows: async (what, limitMs = 60_000) => {
      const shown = (): boolean => {
        if (typeof what === "string" ? stdout.includes(what) : what.test(stdout)) return true;
        if (over) throw new Error(`it ended without showing ${String(what)}:\n${stdout}${stderr}`);
        return false;
      };
      await until(shown, { what: `the command shows ${String(what)}`, limitMs });
    },
    ctrlC: () => {
      if (!over) process.kill(-pid, "SIGINT");
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
