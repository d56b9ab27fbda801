import { useCallback, useEffect, useLayoutEffect, useReducer, useSyncExternalStore } from "react";
import { ownName } from "./account.ts";
import { kept, type Kept } from "./kept.ts";

export const DRAFT = "fio.draft.";
/** Beside each draft the newest message that was known when it was begun, by its receipt. */
const BEGAN = "fio.draft-began.";
export const beganName = (id: string): string => ownName(`${BEGAN}${id}`);

/** Those that somebody listens to, or that hold a text: the others are in the storage alone. */
const drafts = new Map<string, { text: Kept<string>; began: Kept<string>; listeners: number }>();

/** An empty text is not kept. */
const keptText = (key: string): Kept<string> =>
  kept({ key, read: (stored) => stored ?? "", write: (text) => (text === "" ? null : text) });

/** The same in all tabs: whichever of them is typed in next goes on from there. */
function draft(id: string) {
  const known = drafts.get(id);
  if (known !== undefined) return known;
  const text = keptText(ownName(`${DRAFT}${id}`));
  const created = { text, began: keptText(beganName(id)), listeners: 0 };
  drafts.set(id, created);
  return created;
}

/** What was typed and not sent in a conversation, exactly as it stands in its field. */
export const draftOf = (id: string): string => draft(id).text.get();

export function keepDraft(id: string, text: string): void {
  draft(id).text.set(text);
  if (text === "") beginDraft(id, "");
}

/** What was known when the draft was begun, or is known to whoever wrote it by now; "" where nobody has said. */
export const draftBegan = (id: string): string => draft(id).began.get();
export const beginDraft = (id: string, receipt: string): void => void draft(id).began.set(receipt);

/** Calls whenever it changes, in whichever tab. */
export const onDraft = (id: string, listener: () => void): (() => void) => listen(id, listener);

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
