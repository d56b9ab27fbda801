import { parseArgs } from "node:util";
import type { DatabaseName } from "./rig.ts";

export type Options = {
  /** `null`: the short form, every fault once on both databases, and the control runs. */
  minutes: number | null;
  databases: DatabaseName[];
  seed: number;
  /** Only faults and control runs whose names hold this. */
  only: string | null;
  eventsPerSecond: number;
  /** Goes on, beyond the minutes too, until so many events are accepted. */
  atLeast: number;
};

const DATABASES: readonly DatabaseName[] = ["postgres", "sqlite"];

/** Throws with one line for an option that is not known or not valid. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string" },
      database: { type: "string" },
      seed: { type: "string" },
      only: { type: "string" },
      rate: { type: "string" },
      "at-least": { type: "string" },
    },
  });
  const number = (name: "minutes" | "seed" | "rate" | "at-least"): number | null => {
    const text = values[name];
    if (text === undefined) return null;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0)
      throw new Error(`--${name} must be a number that is not negative`);
    return value;
  };
  const databases =
    values.database === undefined ? DATABASES : DATABASES.filter((one) => one === values.database);
  if (databases.length === 0) throw new Error(`--database must be ${DATABASES.join(" or ")}`);
  const minutes = number("minutes");
  return {
    minutes,
    databases: [...databases],
    seed: number("seed") ?? 20_250_221,
    only: values.only ?? null,
    eventsPerSecond: number("rate") ?? (minutes === null ? 150 : 300),
    atLeast: number("at-least") ?? 0,
  };
}
