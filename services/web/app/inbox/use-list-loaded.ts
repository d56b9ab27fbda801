import { useEffect, useReducer, useState, useSyncExternalStore } from "react";
import { onReset, useSync } from "../store/browser-feed.ts";
import { useStore } from "../store/context.tsx";
import type { View } from "../store/list.ts";
import { loadRows } from "../store/load-rows.ts";

/** A list that could not be read is read again. */
const AGAIN_MS = 2_000;

/**
 * Reads a list that the page did not bring, and again after changes were missed: nothing waits for it. `failed`: it could
 * not be read for the page. True while the last try has failed.
 */
export function useListLoaded(
  view: View,
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
  const [failedOf, setFailedOf] = useState(failed ? view : null);
  const [round, again] = useReducer((count: number) => count + 1, 0);
  const read = (): boolean => store.isFresh(view);
  const fresh = useSyncExternalStore(store.subscribe, read, read);
  useEffect(() => onReset(() => again()), []);
  useEffect(() => {
    if (!wanted || !begun || fresh) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    void loadRows(store, view, { first: true }).then((done) => {
      if (ended) return;
      setFailedOf(done ? null : view);
      if (!done && live) timer = setTimeout(again, AGAIN_MS);
    });
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [store, view, wanted, begun, live, fresh, round]);
  return failedOf === view;
}
