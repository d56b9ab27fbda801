import { join } from "node:path";
import { CannotStart } from "../../scripts/lib/cannot.ts";
import { ROOT } from "../../scripts/lib/services.ts";
import { findRedis } from "../../scripts/redis/find.ts";
import { runControls } from "./controls/run-controls.ts";
import { faultsOn } from "./faults/index.ts";
import { HELP, readOptions, type Options } from "./options.ts";
import { table, verdictOf, writeReport, type Report } from "./report.ts";
import { noForgetfulDisk } from "./rig/forgetful-disk.ts";
import { isPowerRig } from "./rig/rig-names.ts";
import type { Rig } from "./rig/rig.ts";
import { inLanes } from "./in-lanes.ts";
import { runFaults } from "./run-faults.ts";

/** Enough to see what is wrong; all are in the report. */
const SHOWN = 20;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Gives the exit code. `rigs` holds what must be taken down when the suite is ended before its time. */
async function testFaults(options: Options, rigs: Set<Rig>): Promise<number> {
  const started = performance.now();
  // A server of this machine: a container cannot be paused or have its file torn.
  const redis = await findRedis({ dataDir: join(ROOT, ".data/test"), containers: false, say });
  if (redis.path !== undefined) process.env["FIO_REDIS_SERVER"] = redis.path;

  const withoutPower = options.rigs.some(isPowerRig) ? await noForgetfulDisk() : null;
  const rigNames = options.rigs.filter((name) => withoutPower === null || !isPowerRig(name));
  const report: Report = {
    command: commandOf(process.argv.slice(2)),
    seed: options.seed,
    tookSeconds: 0,
    runs: [],
    controls: [],
  };
  say(`${report.command}, seed ${options.seed}`);
  if (withoutPower !== null) say(`power cuts are left out: ${withoutPower}`);
  const struck = rigNames.filter((rig) => faultsOn(rig, options).length > 0);
  report.runs = await inLanes(struck, options.atOnce, async (name) => {
    const run = await runFaults({ name, options, rigs, say });
    for (const { kind, line } of run.violations.slice(0, SHOWN)) say(`${name}: ${kind}: ${line}`);
    for (const line of run.failures.slice(0, SHOWN)) say(`${name}: ${line}`);
    return run;
  });
  if (options.minutes === null) {
    report.controls = await runControls({ options: { ...options, rigs: rigNames }, rigs, say });
  }
  report.tookSeconds = Math.round((performance.now() - started) / 1_000);

  say(`\n${table(report.runs)}\n`);
  for (const { rig, accepted, stored, violations } of report.runs) {
    say(`${rig}: ${accepted} accepted, ${stored} of them in the store, ${violations.length} violations`);
  }
  say(`${await writeReport(report, ROOT)} was written after ${report.tookSeconds} s`);
  const { passed, failed } = verdictOf(report);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

const commandOf = (args: readonly string[]): string =>
  ["npm run test:faults", ...(args.length === 0 ? [] : ["--", ...args])].join(" ");

const rigs = new Set<Rig>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void Promise.allSettled([...rigs].map((rig) => rig.remove())).then(() => process.exit(130));
  });
}
try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) say(HELP);
  process.exit(options === null ? 0 : await testFaults(options, rigs));
} catch (error) {
  if (error instanceof CannotStart) process.stderr.write(`${error.message}\n`);
  else console.error(error);
  await Promise.allSettled([...rigs].map((rig) => rig.remove()));
  process.exit(1);
}
