import { useEffect, useReducer, useState, useSyncExternalStore } from "react";
import { onReset, useSync } from "../store/browser-feed.ts";
import { useStore } from "../store/context.tsx";
import type { Filter } from "../store/list.ts";
import { loadRows } from "../store/load-rows.ts";

/** A list that could not be read is read again. */
const AGAIN_MS = 2_000;

/**
 * Reads a list that the page did not bring, and again after changes were missed: nothing waits for it. `failed`: it could
 * not be read for the page. True while the last try has failed.
 */
export function useListLoaded(
  filter: Filter,
  {
    failed,
    wanted,
  }: { failed: boolean; /** False where the page shows a later part of it alone. */ wanted: boolean },
): boolean {
  const store = useStore();
  const { kind, heardAt } = useSync();
  const live = kind === "live";
  // What is read before the stream has begun may miss what comes in between.
  const begun = live || heardAt !== null;
  const [failedOf, setFailedOf] = useState(failed ? filter : null);
  const [round, again] = useReducer((count: number) => count + 1, 0);
  const read = (): boolean => store.isFresh(filter);
  const fresh = useSyncExternalStore(store.subscribe, read, read);
  useEffect(() => onReset(() => again()), []);
  useEffect(() => {
    if (!wanted || !begun || fresh) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    void loadRows(store, filter, { first: true }).then((done) => {
      if (ended) return;
      setFailedOf(done ? null : filter);
      if (!done && live) timer = setTimeout(again, AGAIN_MS);
    });
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [store, filter, wanted, begun, live, fresh, round]);
  return failedOf === filter;
}
