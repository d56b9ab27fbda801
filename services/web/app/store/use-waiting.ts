import { useEffect, useSyncExternalStore } from "react";
import { useSync } from "./browser-feed.ts";
import { useStore } from "./context.tsx";
import { loadRows } from "./load-rows.ts";

const AGAIN_MS = 5_000;

/**
 * Keeps those who wait the longest in the store, whatever list is shown: the title counts them, and the next one is among
 * them. Read once the stream is live, so that nothing is missed between the two.
 */
export function useWaitingLoaded(): void {
  const store = useStore();
  const live = useSync().kind === "live";
  useEffect(() => {
    if (!live) return;
    let ended = false;
    let busy = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      const wanted = store.wantsWaiting();
      if (ended || busy || wanted === null) return;
      busy = true;
      void loadRows(store, "waiting", { first: wanted === "first" }).then((done) => {
        busy = false;
        if (done) look();
        else timer = setTimeout(look, AGAIN_MS);
      });
    };
    look();
    const stop = store.subscribe(look);
    return () => {
      ended = true;
      stop();
      clearTimeout(timer);
    };
  }, [store, live]);
}

/** In how many conversations a customer waits, as text; `null` while that is not known. */
export function useWaitingCount(): string | null {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.waiting, store.waiting);
}
