import { useEffect, useRef } from "react";
import { after } from "../time/after.ts";
import { createPacedReads } from "./paced-reads.ts";

/** Reads again when the stream says that something has changed; nothing is asked while nothing changes. */
export function usePacedReads({
  read,
  restMs,
  listen,
}: {
  /** Resolves to whether there was an answer. */
  read: () => Promise<boolean>;
  restMs: number;
  /** Calls back with each change, and in how many milliseconds it can be read. */
  listen: (changed: (inMs: number) => void) => () => void;
}): void {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const reads = createPacedReads({
      read: () => latest.current(),
      isVisible: () => document.visibilityState === "visible",
      now: () => performance.now(),
      after,
      restMs,
    });
    const stop = listen(reads.changed);
    document.addEventListener("visibilitychange", reads.look);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", reads.look);
      reads.end();
    };
  }, [restMs, listen]);
}
