import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

let printing = false;
const readers = new Set<() => void>();

/** True while the page is laid out for paper: what is left out far from the view is drawn then. */
export const usePrinting = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => printing,
    () => false,
  );

function subscribe(reader: () => void): () => void {
  if (readers.size === 0) {
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
  }
  readers.add(reader);
  return () => {
    readers.delete(reader);
    if (readers.size > 0) return;
    removeEventListener("beforeprint", begin);
    removeEventListener("afterprint", end);
  };
}

const begin = (): void => set(true);
const end = (): void => set(false);

function set(on: boolean): void {
  printing = on;
  // The browser lays the page out as soon as this returns.
  flushSync(() => {
    for (const reader of readers) reader();
  });
}
