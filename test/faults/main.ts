import { ROOT } from "../../scripts/lib/services.ts";
import { runControls } from "./control-runs.ts";
import { readOptions } from "./options.ts";
import { table, verdictOf, writeReport, type Report } from "./report.ts";
import { runFaults } from "./run-faults.ts";

/** Enough to see what is wrong; all are in the report. */
const SHOWN = 20;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const started = performance.now();
const options = readOptions(process.argv.slice(2));
const report: Report = {
  command: ["npm run test:faults", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(
    " ",
  ),
  seed: options.seed,
  tookSeconds: 0,
  runs: [],
  controls: [],
};
say(`seed ${options.seed}`);
for (const database of options.databases) {
  const run = await runFaults({ database, options, say });
  report.runs.push(run);
  for (const { kind, line } of run.violations.slice(0, SHOWN)) say(`${database}: ${kind}: ${line}`);
  for (const line of run.faults.slice(0, SHOWN)) say(`${database}: ${line}`);
}
if (options.minutes === null) report.controls = await runControls({ options, say });
report.tookSeconds = Math.round((performance.now() - started) / 1_000);

say(`\n${table(report.runs)}\n`);
for (const { database, accepted, stored, violations } of report.runs) {
  say(
    `${database}: ${accepted} accepted events, ${stored} kept under a receipt of their own, ${violations.length} violations`,
  );
}
const { passed, failed } = verdictOf(report);
say(`${await writeReport(report, ROOT)}: written after ${report.tookSeconds} s`);
say(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
