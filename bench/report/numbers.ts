import type { Spread } from "../measure/statistics.ts";

export const NOTHING = "–";

/** At most three digits that say something, four where they are whole. */
export function number(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

/** `9,000 (8,700–9,400)`; of one round it is a figure alone. */
export const withRange = (spread: Spread | null): string =>
  spread === null
    ? NOTHING
    : spread.min === spread.max
      ? number(spread.median)
      : `${number(spread.median)} (${number(spread.min)}–${number(spread.max)})`;
