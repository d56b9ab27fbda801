import { spreadOf, type Spread } from "../measure/statistics.ts";
import type { Machine } from "../measure/machine.ts";
import type { Sample } from "../measure/sample.ts";
import type { Options } from "../plan/options.ts";
import type { Shape } from "../plan/cells.ts";

/** One cell with all of its rounds. */
export type Result = {
  group: string;
  /** Who was measured, and what its 2xx promises. */
  subject: string;
  promise: string;
  shape: Shape;
  samples: Sample[];
};

/** What `results.json` holds. */
export type Results = {
  takenAt: string;
  minutes: number;
  machine: Machine;
  options: Omit<Options, "out">;
  results: Result[];
};

export const spreadIn = (
  { samples }: Pick<Result, "samples">,
  of: (sample: Sample) => number | null | undefined,
): Spread | null => spreadOf(samples.map(of));

/** Median; `null` where no round has it. */
export const medianIn = (
  result: Pick<Result, "samples">,
  of: (sample: Sample) => number | null | undefined,
) => spreadIn(result, of)?.median ?? null;
