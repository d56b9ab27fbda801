import { useCallback, useRef, useState } from "react";
import { useStore } from "../store/context.tsx";
import type { View } from "../store/list.ts";
import { loadRows } from "../store/load-rows.ts";

/** Loads the page below, one at a time. */
export function useMoreRows(view: View): { loading: boolean; load: () => void } {
  const store = useStore();
  const [loading, setLoading] = useState(false);
  const busy = useRef(false);
  const load = useCallback(() => {
    if (busy.current || (store.horizon(view)?.next ?? null) === null) return;
    busy.current = true;
    setLoading(true);
    void loadRows(store, view, { first: false }).finally(() => {
      busy.current = false;
      setLoading(false);
    });
  }, [store, view]);
  return { loading, load };
}
