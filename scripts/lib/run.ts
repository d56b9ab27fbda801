import { spawn } from "node:child_process";

export type Finished = { code: number; output: string };

/** Runs a program to its end and gives its exit code and all it wrote; 127 when it could not be run. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, limitMs }: { cwd?: string; env?: NodeJS.ProcessEnv; limitMs?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      ...(limitMs === undefined ? {} : { timeout: limitMs, killSignal: "SIGKILL" }),
    });
    let output = "";
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => resolve({ code: 127, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
