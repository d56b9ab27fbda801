import { useEffect, useRef } from "react";
import { useStore } from "./context.tsx";
import { useSync } from "./browser-feed.ts";
import { gathered } from "../stream/gathered.ts";

/**
 * Reloads what the live stream reports only in part: when any conversation changes, with `restMs` between two
 * loads, and at least every `everyMs`, since events that wait for their conversation are not announced. Only
 * while the page is visible and the stream is live.
 */
export function useRefreshing(
  refresh: () => Promise<void>,
  { restMs, everyMs }: { restMs: number; everyMs: number },
): void {
  const store = useStore();
  const live = useSync().kind === "live";
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    if (!live) return;
    let ended = false;
    let reading = false;
    let due = false;
    const read = (): void => {
      if (ended || document.visibilityState !== "visible") return;
      due = reading;
      if (reading) return;
      reading = true;
      void latest.current().finally(() => {
        reading = false;
        if (due) look();
      });
    };
    const look = gathered(read, (run) => setTimeout(run, restMs));
    look();
    const stop = store.subscribe(look);
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      ended = true;
      stop();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [store, live, restMs, everyMs]);
}
