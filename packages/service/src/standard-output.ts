import { writeSync } from "node:fs";
import type { DestinationStream } from "pino";

const TRIES = 20;
const PAUSE_MS = 5;
const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * Standard output for a log. pino's own retries forever on a pipe whose reader is gone or no longer reads, and the
 * process then handles no signal. Here a line that nobody reads is dropped: at once when the reader is gone, else after
 * 100 ms, and the next ones at once until the reader continues.
 */
export function standardOutput(): DestinationStream {
  let last: Written = "all";
  return {
    write: (line) => {
      if (last !== "nobody reads") last = writeLine(Buffer.from(line), last === "all" ? TRIES : 1);
    },
  };
}

type Written = "all" | "not all" | "nobody reads";

function writeLine(line: Buffer, tries: number): Written {
  let from = 0;
  for (let left = tries; left > 0;) {
    try {
      from += writeSync(1, line, from);
      if (from >= line.length) return "all";
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "EAGAIN" && code !== "EBUSY") return "nobody reads";
      left -= 1;
      if (left > 0) Atomics.wait(clock, 0, 0, PAUSE_MS);
    }
  }
  return "not all";
}
