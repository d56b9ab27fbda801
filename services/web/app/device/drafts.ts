import { useEffect, useLayoutEffect, useReducer, useSyncExternalStore } from "react";

const PREFIX = "fio.draft.";
const listeners = new Set<() => void>();
/** As they are now; `localStorage` may be forbidden, or full. */
const drafts = new Map<string, string>();
let hears = false;

const tell = (): void => {
  for (const listener of listeners) listener();
};

/** What another tab types is this one's draft too: whichever of them is typed in next goes on from there. */
function hearOtherTabs(): void {
  if (hears) return;
  hears = true;
  addEventListener("storage", ({ key, newValue }) => {
    if (key === null) drafts.clear();
    else if (key.startsWith(PREFIX)) drafts.set(key.slice(PREFIX.length), newValue ?? "");
    else return;
    tell();
  });
}

/** What was typed and not sent in a conversation, exactly as it stands in its field. */
export function draftOf(id: string): string {
  hearOtherTabs();
  const known = drafts.get(id);
  if (known !== undefined) return known;
  const read = readDraft(id);
  drafts.set(id, read);
  return read;
}

function readDraft(id: string): string {
  try {
    return localStorage.getItem(PREFIX + id) ?? "";
  } catch {
    return "";
  }
}

export function keepDraft(id: string, text: string): void {
  hearOtherTabs();
  drafts.set(id, text);
  try {
    if (text === "") localStorage.removeItem(PREFIX + id);
    else localStorage.setItem(PREFIX + id, text);
  } catch {
    // It is kept as long as this tab lives.
  }
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** `first`: what the server put into the field. */
export function useDraft(id: string, first = ""): string {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  // React listens to a store some time after a field is on the page: each key until then would find the field as it was.
  useLayoutEffectInBrowser(() => subscribe(redraw), []);
  return useSyncExternalStore(
    subscribe,
    () => draftOf(id),
    () => first,
  );
}

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
