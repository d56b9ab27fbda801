import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { VIOLATION_KINDS } from "./check/violation.ts";
import type { Control } from "./controls/plan.ts";
import type { Run } from "./run-faults.ts";
import { countByKind, type Strike } from "./strike.ts";

export type Report = { command: string; seed: number; tookSeconds: number; runs: Run[]; controls: Control[] };

const HEADER = [
  "Fault",
  "Rig",
  "Struck",
  "Sent",
  "Accepted",
  ...VIOLATION_KINDS.map((kind) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`),
  "Recovered in",
];

/** One row for a fault and a rig, however often it struck: the sums, and the worst time. */
export function table(runs: readonly Run[]): string {
  const rows = runs.flatMap(({ rig, strikes }) =>
    [...Map.groupBy(strikes, ({ fault }) => fault)].map(([fault, group]) => [
      fault,
      rig,
      group.length,
      sumOf(group, ({ sent }) => sent),
      sumOf(group, ({ accepted }) => accepted),
      ...VIOLATION_KINDS.map((kind) => sumOf(group, ({ violations }) => violations[kind])),
      worstTime(group),
    ]),
  );
  const totals = runs.map(({ rig, strikes, sent, accepted, violations }) => [
    "**all**",
    rig,
    strikes.length,
    sent,
    accepted,
    ...Object.values(countByKind(violations)),
    worstTime(strikes),
  ]);
  const line = (cells: readonly unknown[]): string => `| ${cells.join(" | ")} |`;
  return [line(HEADER), line(HEADER.map(() => "---")), ...[...rows, ...totals].map(line)].join("\n");
}

const sumOf = (strikes: readonly Strike[], column: (strike: Strike) => number): number =>
  strikes.reduce((sum, strike) => sum + column(strike), 0);

function worstTime(strikes: readonly Strike[]): string {
  const times = strikes.map(({ recoveredMs }) => recoveredMs ?? Infinity);
  return `${(Math.max(...times) / 1_000).toFixed(1)} s`;
}

/** Counts of all there was to pass: faults, whole runs, control runs. */
export function verdictOf({ runs, controls }: Report): { passed: number; failed: number } {
  const results = [
    ...runs.flatMap(({ strikes }) => strikes.map(({ failures }) => failures.length === 0)),
    ...runs.map(({ violations, failures }) => violations.length === 0 && failures.length === 0),
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
