import { shapeName } from "../plan/names.ts";
import { NOTHING, number, withRange } from "./numbers.ts";
import { medianIn, spreadIn, type Result } from "./results.ts";
import { table, type Column } from "./table.ts";
import type { Sample } from "../measure/sample.ts";

const who: Array<Column<Result>> = [
  {
    title: "service",
    cell: ({ subject, shape }) => `${subject}${shape.held === true ? ", workers stopped" : ""}`,
  },
];

/** Of the median, one after another. */
const several = (
  result: Result,
  of: ReadonlyArray<(sample: Sample) => number | null | undefined>,
): string => {
  const values = of.map((one) => number(medianIn(result, one)));
  return values.every((value) => value === NOTHING) ? NOTHING : values.join(" / ");
};

const speed: Array<Column<Result>> = [
  ...who,
  { title: "a 2xx promises", cell: ({ promise }) => promise },
  {
    title: "accepted/s",
    right: true,
    cell: (result) => withRange(spreadIn(result, ({ perSecond }) => perSecond)),
  },
  {
    title: "p50 / p99 / p99.9 ms",
    right: true,
    cell: (result) =>
      several(result, [
        ({ latency }) => latency.p50,
        ({ latency }) => latency.p99,
        ({ latency }) => latency.p999,
      ]),
  },
  {
    title: "applied/s",
    right: true,
    cell: (result) => withRange(spreadIn(result, ({ appliedPerSecond }) => appliedPerSecond)),
  },
  {
    title: "to applied p50 / p99 ms",
    right: true,
    cell: (result) => several(result, [({ toApplied }) => toApplied?.p50, ({ toApplied }) => toApplied?.p99]),
  },
  { title: "kept out", right: true, cell: (result) => number(medianIn(result, ({ keptOut }) => keptOut)) },
];

const cost: Array<Column<Result>> = [
  ...who,
  ...(["intake", "redis", "worker", "postgres"] as const).map((role) => ({
    title: `${role} µs`,
    right: true,
    cell: (result: Result) => number(medianIn(result, ({ cpu }) => cpu[role])),
  })),
  {
    title: "fsyncs Redis / Postgres",
    right: true,
    cell: (result) => several(result, [({ fsyncs }) => fsyncs.redis, ({ fsyncs }) => fsyncs.postgres]),
  },
  {
    title: "MiB intake / Redis / worker",
    right: true,
    cell: (result) =>
      several(result, [
        ({ memory }) => memory.intake,
        ({ memory }) => memory.redis,
        ({ memory }) => memory.worker,
      ]),
  },
  {
    title: "generator's cores",
    right: true,
    cell: (result) => number(medianIn(result, ({ generator }) => generator)),
  },
];

/** For each group and load: how fast it is, and what it costs. */
export function tablesOf(results: readonly Result[]): string {
  const groups = [...Map.groupBy(results, ({ group }) => group)];
  return groups
    .map(([group, members]) => {
      const loads = [...Map.groupBy(members, ({ shape }) => shapeName(shape))];
      const parts = loads.map(
        ([load, compared]) =>
          `**${capital(load)}**\n\n${table(speed, compared)}\n\nCosts, for an event; fsyncs for 1,000:\n\n${table(cost, compared)}`,
      );
      return `### ${capital(group)}\n\n${parts.join("\n\n")}`;
    })
    .join("\n\n");
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
