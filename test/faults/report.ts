import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Run, Strike } from "./run-faults.ts";
import type { Control } from "./control-runs.ts";

export type Report = { command: string; seed: number; tookSeconds: number; runs: Run[]; controls: Control[] };

/** One row for a fault and a database, however often it struck: the sums, and the worst time. */
export function table(runs: readonly Run[]): string {
  const header = [
    "Fault",
    "Database",
    "Struck",
    "Sent",
    "Accepted",
    "Lost",
    "Doubled",
    "Wrong",
    "Recovered in",
  ];
  const rows = runs.flatMap((run) => {
    const groups = [...Map.groupBy(run.strikes, ({ fault }) => fault)];
    return groups.map(([fault, strikes]) => [
      fault,
      run.database,
      strikes.length,
      ...sums(strikes),
      worst(strikes),
    ]);
  });
  const total = runs.map((run) => [
    "**all**",
    run.database,
    run.strikes.length,
    run.sent,
    run.accepted,
    ...(["lost", "doubled", "wrong"] as const).map(
      (kind) => run.violations.filter((violation) => violation.kind === kind).length,
    ),
    worst(run.strikes),
  ]);
  const line = (cells: readonly unknown[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...[...rows, ...total].map(line)].join("\n");
}

function sums(strikes: readonly Strike[]): number[] {
  return (["sent", "accepted", "lost", "doubled", "wrong"] as const).map((column) =>
    strikes.reduce((sum, strike) => sum + strike[column], 0),
  );
}

function worst(strikes: readonly Strike[]): string {
  const times = strikes.map(({ recoveredMs }) => recoveredMs ?? Infinity);
  return `${(Math.max(...times) / 1_000).toFixed(1)} s`;
}

/** Counts of all there was to pass: faults, whole runs, control runs. */
export function verdictOf({ runs, controls }: Report): { passed: number; failed: number } {
  const results = [
    ...runs.flatMap(({ strikes }) => strikes.map(({ faults }) => faults.length === 0)),
    ...runs.map(({ violations, faults }) => violations.length === 0 && faults.length === 0),
    ...controls.map(({ caught }) => caught),
  ];
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

export async function writeReport(report: Report, root: string): Promise<string> {
  const directory = join(root, "test-results");
  await mkdir(directory, { recursive: true });
  const file = join(directory, "faults.json");
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
