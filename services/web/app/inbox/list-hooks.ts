import { useCallback, useRef, useState } from "react";
import type { ConversationRow } from "@fio/contracts";
import { useStore } from "../store/context.tsx";
import { heldOrder, type Filter } from "../store/list.ts";
import type { ListPage } from "../store/store.ts";

/** Rows move at once, but never under the pointer or the focus: their order is held until that leaves. */
export function useHeldOrder(rows: readonly ConversationRow[]) {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const latest = useRef(rows);
  latest.current = rows;
  const holding = useCallback(() => setHeld((ids) => ids ?? latest.current.map(({ id }) => id)), []);
  const release = useCallback(() => setHeld(null), []);
  return {
    rows: held === null ? rows : withLoaded(heldOrder(held, rows), held, rows),
    hold: { onPointerEnter: holding, onPointerLeave: release, onFocus: holding, onBlur: release },
  };
}

/** Pages loaded while the order is held go below it. */
function withLoaded(
  kept: ConversationRow[],
  held: readonly string[],
  rows: readonly ConversationRow[],
): readonly ConversationRow[] {
  const last = rows.findIndex(({ id }) => id === held.at(-1));
  const known = new Set(held);
  return last < 0 ? kept : [...kept, ...rows.slice(last + 1).filter(({ id }) => !known.has(id))];
}

/** Loads the page below, one at a time. */
export function useMoreRows(filter: Filter): { loading: boolean; load: () => void } {
  const store = useStore();
  const [loading, setLoading] = useState(false);
  const busy = useRef(false);
  const load = useCallback(() => {
    const next = store.horizon(filter)?.next ?? null;
    if (busy.current || next === null) return;
    busy.current = true;
    setLoading(true);
    void fetchPage(filter, next)
      .then((page) => {
        if (page === null) return;
        store.seedList(filter, page, { first: false });
        store.notify();
      })
      .finally(() => {
        busy.current = false;
        setLoading(false);
      });
  }, [store, filter]);
  return { loading, load };
}

async function fetchPage(filter: Filter, page: string): Promise<ListPage | null> {
  const query = new URLSearchParams({ state: filter, page });
  const answer = await fetch(`/data/conversations?${query.toString()}`).catch(() => null);
  return answer?.ok === true ? ((await answer.json()) as ListPage) : null;
}
