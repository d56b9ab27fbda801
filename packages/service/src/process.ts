import { setFlagsFromString } from "node:v8";
import { SettingError } from "./env.ts";
import type { Log } from "./log.ts";

type Step = () => Promise<unknown>;

/*
 * Under full load V8 would let the heap grow to several times what is in use before it collects. At most twice keeps a
 * worker at half the memory and costs nothing that can be measured: docs/performance.md, "What was tried".
 */
setFlagsFromString("--heap-growing-percent=100");

/**
 * Runs `start`; SIGTERM and SIGINT run the steps that it gives in their order, once, and end the process: 0 when all
 * went well, 1 when one failed or `limitMs` passed. A start that throws ends it with 1, and so does `fail`, which a
 * part that cannot continue calls later, after the steps; a {@link SettingError} prints its one line.
 */
export async function run({
  log,
  limitMs,
  start,
}: {
  log: Log;
  limitMs: number;
  start: (process: { fail: (error: unknown) => void }) => Promise<Step[]>;
}): Promise<void> {
  // The reader of the output may be gone. That must not end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  let ending = false;
  // Starts after the signal handlers are set: the first process of a container gets only signals that it handles.
  const started = Promise.resolve().then(() => start({ fail }));
  const end = (code: number): void => {
    ending = true;
    setTimeout(() => {
      log.error({ limitMs }, "shutdown took too long, exiting");
      process.exit(1);
    }, limitMs).unref();
    void started
      .then((steps) => runSteps(steps, log))
      .catch(() => false)
      .then((well) => process.exit(well ? code : 1));
  };
  function fail(error: unknown): void {
    if (ending) return;
    tell(error, log, "fatal error, stopping");
    end(1);
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (ending) return;
      log.info({ signal }, "stopping");
      end(0);
    });
  }
  try {
    await started;
  } catch (error) {
    // `end` may already be running, and exits with 1 as well.
    tell(error, log, "cannot start");
    process.exit(1);
  }
}

function tell(error: unknown, log: Log, what: string): void {
  if (error instanceof SettingError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, what);
}

/** Whether all went well. */
async function runSteps(steps: readonly Step[], log: Log): Promise<boolean> {
  let well = true;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      log.error({ err: error }, "a shutdown step failed");
      well = false;
    }
  }
  return well;
}
