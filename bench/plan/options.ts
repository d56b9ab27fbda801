import { parseArgs } from "node:util";

export type Options = {
  /** Correctness alone: every cell runs, no figure means anything. */
  short: boolean;
  rounds: number;
  /** Each cell's load ends after so many seconds or events, whichever comes first. */
  seconds: number;
  most: number;
  /** Only cells whose name contains this. */
  only: string | undefined;
  /** Messages in the store that is filled before; 0 leaves its cells out. */
  filled: number;
  /** Nothing is measured before the store is filled and this file is there. */
  once: string | undefined;
  /** Where results, tables and plots go. */
  out: string;
};

export const HELP = `npm run bench -- [options]: Fio beside its rivals, on this machine

  --short          every cell once and briefly: is anything lost? No figure of it means anything
  --only NAME      only cells whose name contains NAME (case does not matter)
  --rounds N       how often each cell is measured; 3 unless given
  --seconds N      how long each load lasts at most; 2.5 unless given
  --big            also with a store of ten million messages, which takes an hour to fill
  --messages N     the same with N messages
  --once FILE      fills first, and measures when FILE is there: when the machine is quiet
  --out DIR        where results.json, tables.md and the plots go; .data/bench unless given
  --list           prints the names of all cells
`;

/** `"help"`, `"list"`, or what to do; throws for what it does not know. */
export function readOptions(args: string[]): Options | "help" | "list" {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: "boolean", default: false },
      only: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string" },
      big: { type: "boolean", default: false },
      messages: { type: "string" },
      once: { type: "string" },
      out: { type: "string", default: ".data/bench" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  if (values.list) return "list";
  const { short, only, once, out } = values;
  const filled = short ? 20_000 : values.big ? 10_000_000 : 0;
  return {
    short,
    only,
    once,
    out,
    rounds: count("rounds", values.rounds, short ? 1 : 3),
    seconds: count("seconds", values.seconds, short ? 0.3 : 2.5),
    most: short ? 1_000 : 40_000,
    filled: count("messages", values.messages, filled),
  };
}

/** A number above zero; throws for anything else. */
function count(name: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (!(value > 0)) throw new Error(`--${name}: must be a number above zero, not ${given}`);
  return value;
}
