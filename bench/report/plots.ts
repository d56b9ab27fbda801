import { barChart, type Bar } from "./bars.ts";
import { lineChart } from "./lines.ts";
import { medianIn, spreadIn, type Result } from "./results.ts";
import type { Sample } from "../measure/sample.ts";

/** A picture for the page: its file's name, and what it shows. */
export type Plot = { file: string; title: string; svg: string };

const nameOf = ({ subject, shape }: Result): string =>
  `${subject}${shape.held === true ? ", workers stopped" : ""}`;

/** Those that the results have figures for. */
export function plotsOf(results: readonly Result[]): Plot[] {
  const inGroup = (group: string): Result[] => results.filter((result) => result.group === group);
  const single = inGroup("connections").filter(({ shape }) => shape.connections === 64);
  return [
    bars(
      "accepted",
      "Single events over 64 connections: accepted",
      "events a second, median, least and most",
      single,
      {
        of: ({ perSecond }) => perSecond,
      },
    ),
    bars(
      "applied",
      "Single events over 64 connections: applied to the store",
      "events a second, median, least and most",
      [...single, ...inGroup("stores and workers")],
      {
        of: ({ appliedPerSecond }) => appliedPerSecond,
      },
    ),
    costs("processor", "Single events over 64 connections: processor time", single),
    lines(
      "connections",
      "Single events by connections",
      "connections",
      inGroup("connections"),
      ({ shape }) => shape.connections,
    ),
    lines(
      "arrays",
      "Arrays by their length, over 16 connections",
      "events in an array",
      inGroup("arrays"),
      ({ shape }) => shape.events,
    ),
  ].filter((plot) => plot !== null);
}

function bars(
  name: string,
  title: string,
  unit: string,
  results: readonly Result[],
  { of }: { of: (sample: Sample) => number | null },
): Plot | null {
  const drawn = unique(results).flatMap((result): Bar[] => {
    const spread = spreadIn(result, of);
    if (spread === null) return [];
    return [
      {
        label: nameOf(result),
        note: result.promise,
        parts: [{ of: "all", value: spread.median }],
        range: spread,
      },
    ];
  });
  return drawn.length === 0
    ? null
    : { file: `${name}.svg`, title, svg: barChart({ title, unit, bars: drawn }) };
}

function costs(name: string, title: string, results: readonly Result[]): Plot | null {
  const drawn = results.map((result): Bar => ({
    label: nameOf(result),
    note: result.promise,
    parts: (["intake", "redis", "worker", "postgres"] as const).flatMap((role) => {
      const value = medianIn(result, ({ cpu }) => cpu[role]);
      return value === null ? [] : [{ of: role, value }];
    }),
  }));
  if (drawn.length === 0) return null;
  return {
    file: `${name}.svg`,
    title,
    svg: barChart({ title, unit: "microseconds an event, median", bars: drawn }),
  };
}

function lines(
  name: string,
  title: string,
  stepsAre: string,
  results: readonly Result[],
  stepOf: (result: Result) => number,
): Plot | null {
  const steps = [...new Set(results.map(stepOf))].toSorted((a, b) => a - b);
  if (steps.length < 2) return null;
  const drawn = [...Map.groupBy(results, nameOf)].map(([label, members]) => ({
    label,
    values: steps.map((step) => {
      const there = members.find((result) => stepOf(result) === step);
      return there === undefined ? null : medianIn(there, ({ perSecond }) => perSecond);
    }),
  }));
  const svg = lineChart({
    title,
    unit: "accepted events a second, median",
    steps: steps.map((step) => step.toLocaleString("en")),
    stepsAre,
    lines: drawn,
  });
  return { file: `${name}.svg`, title, svg };
}

/** The same service under the same load may be in two groups. */
const unique = (results: readonly Result[]): Result[] =>
  [...new Map(results.toReversed().map((result) => [nameOf(result), result])).values()].toReversed();
