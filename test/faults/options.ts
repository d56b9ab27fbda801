import { parseArgs } from "node:util";
import { CannotStart } from "../../scripts/lib/cannot.ts";
import { POWER_RIGS, RIG_NAMES, type RigName } from "./rig/rig-names.ts";

export const HELP = `npm run test:faults -- [options]

Breaks a whole system under load, one part after another, and compares its store with the
one-by-one reference over everything that was accepted. Without --minutes: every fault once,
some on one rig only, and these rigs' control runs with planted bugs.

  --minutes N      the long form: outages of a minute, faults in random order for so long
  --at-least N     goes on until so many events were accepted
  --rig NAME       postgres, sqlite, failover (Postgres, and a Redis with a replica behind one
                   address), cluster (SQLite, and a Redis Cluster), power or power-postgres (on
                   a disk that can lose power, over FUSE); all of them without it
  --power          power cuts alone: every one with both stores, and all their control runs
  --only TEXT      only the faults and control runs whose names hold TEXT
  --at-once N      so many rigs, and then control runs, side by side; one after the other without it
  --seed N         of the sender model and of the order of the faults
  --rate N         events a second`;

export type Options = {
  /** `null`: the short form, every fault once, and the control runs. */
  minutes: number | null;
  rigs: RigName[];
  /** Every fault and control run of these rigs, also in the short form. */
  all: boolean;
  seed: number;
  /** Only faults and control runs whose names hold this. */
  only: string | null;
  /** Rigs, and then control runs, that run side by side. */
  atOnce: number;
  eventsPerSecond: number;
  /** Goes on, beyond the minutes too, until so many events are accepted. */
  atLeast: number;
};

/** `null`: help was asked for. Throws {@link CannotStart} for an option that is not known or not valid. */
export function readOptions(args: readonly string[]): Options | null {
  const values = parsed(args);
  if (values.help === true) return null;
  const number = (name: "minutes" | "seed" | "rate" | "at-least" | "at-once"): number | null => {
    const text = values[name];
    if (text === undefined) return null;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0)
      throw new CannotStart(`--${name} must be a number that is not negative`);
    return value;
  };
  const power = values.power === true;
  const rigs = (power ? POWER_RIGS : RIG_NAMES).filter(
    (name) => values.rig === undefined || name === values.rig,
  );
  if (rigs.length === 0) throw new CannotStart(`--rig must be one of ${RIG_NAMES.join(", ")}`);
  const minutes = number("minutes");
  return {
    minutes,
    rigs,
    all: power || values.only !== undefined,
    seed: number("seed") ?? 20_250_221,
    only: values.only ?? null,
    eventsPerSecond: number("rate") ?? (minutes === null ? 150 : 300),
    atLeast: number("at-least") ?? 0,
    atOnce: Math.max(1, number("at-once") ?? 1),
  };
}

function parsed(args: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    return parseArgs({
      args: [...args],
      options: {
        ...{
          minutes: text,
          rig: text,
          seed: text,
          only: text,
          rate: text,
          "at-least": text,
          "at-once": text,
        },
        power: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new CannotStart((error as Error).message);
  }
}
