import { useCallback, useRef, useState } from "react";
import { useStore } from "../store/context.tsx";
import type { Filter } from "../store/list.ts";
import { loadRows } from "../store/load-rows.ts";

/** Loads the page below, one at a time. */
export function useMoreRows(filter: Filter): { loading: boolean; load: () => void } {
  const store = useStore();
  const [loading, setLoading] = useState(false);
  const busy = useRef(false);
  const load = useCallback(() => {
    if (busy.current || (store.horizon(filter)?.next ?? null) === null) return;
    busy.current = true;
    setLoading(true);
    void loadRows(store, filter, { first: false }).finally(() => {
      busy.current = false;
      setLoading(false);
    });
  }, [store, filter]);
  return { loading, load };
}
