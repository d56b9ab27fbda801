import { useEffect } from "react";
import { keepDraft } from "../device/drafts.ts";
import { onErased, onReset } from "../store/browser-feed.ts";
import { useStore } from "../store/context.tsx";
import type { Store } from "../store/store.ts";
import { browserOutbox } from "./browser-outbox.ts";

/** Drops all that this browser keeps of conversations that were erased for good, or that are not to be seen any more. */
export function forgetErased(store: Store, ids: readonly string[], forGood = true): void {
  if (ids.length === 0) return;
  for (const id of ids) {
    store.forget(id, forGood);
    if (forGood) keepDraft(id, "");
    browserOutbox().forgetConversation(id);
  }
  store.notify();
}

/**
 * The live stream tells of erasures while this browser hears it. What was erased before is asked for when a page opens,
 * and when changes were missed.
 */
export function useErasures(): void {
  const store = useStore();
  useEffect(() => {
    const ask = (): void =>
      void import("./ask-erasures.ts")
        .then(({ askErasures }) => askErasures())
        .then((ids) => forgetErased(store, ids))
        .catch(() => {
          // It is asked with the next page, or the next reset.
        });
    ask();
    const stops = [onReset(ask), onErased((id, forGood) => forgetErased(store, [id], forGood))];
    return () => stops.forEach((stop) => stop());
  }, [store]);
}
