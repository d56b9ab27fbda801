import { quantile } from "../support/figures.ts";

/** Of the rounds of one cell. */
export type Spread = { median: number; min: number; max: number };

/** `null` where no round has the figure. */
export function spreadOf(values: ReadonlyArray<number | null | undefined>): Spread | null {
  const known = values.filter(
    (value): value is number => typeof value === "number" && Number.isFinite(value),
  );
  if (known.length === 0) return null;
  return { median: quantile(known, 0.5), min: Math.min(...known), max: Math.max(...known) };
}

/** `null` where it says nothing. */
export const ratio = (amount: number | null | undefined, of: number): number | null =>
  typeof amount === "number" && of > 0 ? amount / of : null;
