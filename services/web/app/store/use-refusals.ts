import { useEffect, useRef } from "react";
import { onRefusals, type RefusalsChange } from "./browser-feed.ts";
import { after } from "../time/after.ts";
import { createPacedReads } from "./paced-reads.ts";

/**
 * Reads again when the stream says that what is left out has changed; nothing is asked while nothing changes. `skip`: of
 * changes after which there is nothing to read.
 */
export function useRefusals({
  read,
  restMs,
  skip = () => false,
}: {
  /** Resolves to whether there was an answer. */
  read: () => Promise<boolean>;
  restMs: number;
  skip?: (change: RefusalsChange) => boolean;
}): void {
  const latest = useRef({ read, skip });
  latest.current = { read, skip };
  useEffect(() => {
    const reads = createPacedReads({
      read: () => latest.current.read(),
      isVisible: () => document.visibilityState === "visible",
      now: () => performance.now(),
      after,
      restMs,
    });
    const stop = onRefusals((change) => {
      if (!latest.current.skip(change)) reads.changed(change.reported_in);
    });
    document.addEventListener("visibilitychange", reads.look);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", reads.look);
      reads.end();
    };
  }, [restMs]);
}
