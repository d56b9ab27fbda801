import { useSyncExternalStore } from "react";

const PREFIX = "fio.draft.";
const listeners = new Set<() => void>();

const tell = (): void => {
  for (const listener of listeners) listener();
};

/** What was typed and not sent in a conversation, on this device. */
export const draftOf = (id: string): string => localStorage.getItem(PREFIX + id) ?? "";

export function keepDraft(id: string, text: string): void {
  if (text.trim() === "") localStorage.removeItem(PREFIX + id);
  else localStorage.setItem(PREFIX + id, text);
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

export const useDraft = (id: string): string =>
  useSyncExternalStore(
    subscribe,
    () => draftOf(id),
    () => "",
  );
