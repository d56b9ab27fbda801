import { useEffect } from "react";
import { after } from "../time/after.ts";
import { onSkipped } from "./browser-feed.ts";
import { useStore } from "./context.tsx";
import { createPacedReads } from "./paced-reads.ts";

/** Between two readings while more rows change than are told one by one. */
const REST_MS = 10_000;
/** All browsers of an office are told at once: they read at different moments. */
const SPREAD_MS = 3_000;

/** When the stream has left out changes of rows, says so to the store: whoever shows a list then reads it again. */
export function useSkipped(): void {
  const store = useStore();
  useEffect(() => {
    const reads = createPacedReads({
      read: () => {
        store.skipped();
        store.notify();
        return Promise.resolve(true);
      },
      // The title of a hidden tab counts, too.
      isVisible: () => true,
      now: () => performance.now(),
      after,
      restMs: REST_MS,
    });
    const stop = onSkipped(() => reads.changed(1 + Math.random() * SPREAD_MS));
    return () => {
      stop();
      reads.end();
    };
  }, [store]);
}
