import { useCallback, useEffect, useLayoutEffect, useReducer, useSyncExternalStore } from "react";
import { ownName } from "./account.ts";
import { kept, type Kept } from "./kept.ts";

export const DRAFT = "fio.draft.";

/** Those that somebody listens to, or that hold a text: the others are in the storage alone. */
const drafts = new Map<string, { text: Kept<string>; listeners: number }>();

/** The same in all tabs: whichever of them is typed in next goes on from there. */
function draft(id: string) {
  const known = drafts.get(id);
  if (known !== undefined) return known;
  const text = kept({
    key: ownName(`${DRAFT}${id}`),
    read: (stored) => stored ?? "",
    write: (typed) => (typed === "" ? null : typed),
  });
  const created = { text, listeners: 0 };
  drafts.set(id, created);
  return created;
}

/** What was typed and not sent in a conversation, exactly as it stands in its field. */
export const draftOf = (id: string): string => draft(id).text.get();

export const keepDraft = (id: string, text: string): void => void draft(id).text.set(text);

function listen(id: string, listener: () => void): () => void {
  const one = draft(id);
  const stop = one.text.subscribe(listener);
  one.listeners += 1;
  return () => {
    stop();
    one.listeners -= 1;
    if (one.listeners === 0 && one.text.get() === "") drafts.delete(id);
  };
}

/** `first`: what the server put into the field. */
export function useDraft(id: string, first = ""): string {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  // React listens to a store some time after a field is on the page: each key until then would find the field as it was.
  useLayoutEffectInBrowser(() => listen(id, redraw), [id]);
  return useSyncExternalStore(
    useCallback((listener: () => void) => listen(id, listener), [id]),
    () => draftOf(id),
    () => first,
  );
}

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
