import type { Language } from "../../i18n/i18n.ts";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `180 kB`, `2,4 MB`: of what is below ten of its unit one digit more. */
export function sizeIn(language: Language, bytes: number): string {
  const step = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: step > 0 && value < 10 ? 1 : 0,
  }).format(value);
}
