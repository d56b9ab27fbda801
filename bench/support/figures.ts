import { cpus, loadavg } from "node:os";

export const quantile = (values: readonly number[], at: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
};

/** Of what each round gave at this place of its values the median. */
export const medianOf = (rounds: ReadonlyArray<readonly number[]>, at: number): number =>
  quantile(
    rounds.map((values) => quantile(values, at)),
    0.5,
  );

/** `p50 12.3 ms, p95 …, p99 …, most …` of times in milliseconds. */
export const spread = (values: readonly number[]): string =>
  [
    `p50 ${ms(quantile(values, 0.5))}`,
    `p95 ${ms(quantile(values, 0.95))}`,
    `p99 ${ms(quantile(values, 0.99))}`,
    `most ${ms(Math.max(...values))} (${values.length})`,
  ].join(", ");

export const ms = (value: number): string => `${value.toFixed(1)} ms`;

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Times depend on the other load of the machine. */
export const sayMachine = (): void =>
  say(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1) ?? "?"} at the start`);

/** Prints a measured value and its target; true when it is met. */
export function beside(what: string, measured: number, target: number, unit: string): boolean {
  const met = measured <= target;
  say(
    `${met ? "met   " : "MISSED"} ${what}: ${measured.toFixed(1)} ${unit}, target at most ${target} ${unit}`,
  );
  return met;
}
