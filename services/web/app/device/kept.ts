import { useSyncExternalStore } from "react";

/** A value that this browser keeps, the same in all of its tabs. */
export type Kept<Value> = {
  get: () => Value;
  /** False when the browser keeps nothing (its storage is full, or forbidden): the value lasts as long as the tab. */
  set: (value: Value) => boolean;
  subscribe: (listener: () => void) => () => void;
};

/** What of `localStorage` is needed, so that tests bring their own. */
export type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * `read` gets what was written, `null` where nothing was, and whatever older versions or other hands left there.
 * `write` gives `null` for a value that need not be kept. The same text is read once: its value stays the same object.
 */
export function kept<Value>({
  key,
  read,
  write,
  memory = () => localStorage,
}: {
  key: string;
  read: (text: string | null) => Value;
  write: (value: Value) => string | null;
  memory?: () => Memory;
}): Kept<Value> {
  const listeners = new Set<() => void>();
  let known: { text: string | null; value: Value } | undefined;
  /** What could not be kept. */
  let unkept: { value: Value } | undefined;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const heard = (event: StorageEvent): void => {
    // `null`: everything was cleared.
    if (event.key !== key && event.key !== null) return;
    unkept = undefined;
    tell();
  };
  const textOf = (): string | null => {
    try {
      return memory().getItem(key);
    } catch {
      return null;
    }
  };

  return {
    get: () => {
      if (unkept !== undefined) return unkept.value;
      const text = textOf();
      if (known === undefined || known.text !== text) known = { text, value: read(text) };
      return known.value;
    },
    set: (value) => {
      const text = write(value);
      try {
        if (text === null) memory().removeItem(key);
        else memory().setItem(key, text);
        unkept = undefined;
      } catch {
        unkept = { value };
      }
      tell();
      return unkept === undefined;
    },
    subscribe: (listener) => {
      if (listeners.size === 0) addEventListener("storage", heard);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) removeEventListener("storage", heard);
      };
    },
  };
}

/** `unknown` is what the server draws, which does not know this browser. */
export const useKept = <Value>({ subscribe, get }: Kept<Value>, unknown: Value): Value =>
  useSyncExternalStore(subscribe, get, () => unknown);
