import { SettingError } from "./env.ts";
import type { Log } from "./log.ts";

/**
 * Runs `start`; a {@link SettingError} ends the process with its one line. SIGTERM and SIGINT run the returned
 * steps in their order, once, and end the process: 0 when all went well, 1 when one failed or `limitMs` passed.
 */
export async function run({
  log,
  limitMs,
  start,
}: {
  log: Log;
  limitMs: number;
  start: () => Promise<Array<() => Promise<unknown>>>;
}): Promise<void> {
  let stopping = false;
  try {
    const steps = await start();
    const stop = (signal: string): void => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, "stopping");
      setTimeout(() => {
        log.error({ limitMs }, "stopping took too long");
        process.exit(1);
      }, limitMs).unref();
      void runSteps(steps, log).then((code) => process.exit(code));
    };
    process.on("SIGTERM", stop);
    process.on("SIGINT", stop);
  } catch (error) {
    if (error instanceof SettingError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, "cannot start");
    process.exit(1);
  }
}

async function runSteps(steps: Array<() => Promise<unknown>>, log: Log): Promise<number> {
  let code = 0;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      log.error({ err: error }, "a step of stopping failed");
      code = 1;
    }
  }
  return code;
}
