import { useEffect, useRef } from "react";
import { useStore } from "../live/context.tsx";
import { useSync } from "../live/feed-here.ts";
import { gathered } from "../live/gathered.ts";

/**
 * Reads again what the live stream tells only by halves: when any conversation changes, with `restMs` between two
 * readings, and every `everyMs` in case nothing does, since nobody announces what waits for its conversation. Only
 * while the page is seen and the stream is live: then the server answers, and somebody looks.
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
