import type { Log } from "./log.ts";

const EVERY_MS = 60_000;

/** Counts a process's work for one info line a minute; each unit of work is logged at debug. */
export type Summary = {
  add: (name: string, count?: number) => void;
  /** Keeps the highest of a name. */
  highest: (name: string, value: number) => void;
  /** Logs what is left, and stops. */
  stop: () => void;
};

/** Logs the counts of each minute under `message`; nothing when nothing was counted. */
export function createSummary({
  log,
  message,
  everyMs = EVERY_MS,
}: {
  log: Log;
  message: string;
  everyMs?: number;
}): Summary {
  let counts: Record<string, number> = {};
  const tell = (): void => {
    if (Object.keys(counts).length > 0) log.info(counts, message);
    counts = {};
  };
  const timer = setInterval(tell, everyMs);
  timer.unref();
  return {
    add: (name, count = 1) => {
      counts[name] = (counts[name] ?? 0) + count;
    },
    highest: (name, value) => {
      counts[name] = Math.max(counts[name] ?? 0, value);
    },
    stop: () => {
      clearInterval(timer);
      tell();
    },
  };
}
