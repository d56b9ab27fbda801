import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

let printing = false;

/** True while the page is laid out for paper: what is left out far from the view is drawn then. */
export const usePrinting = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => printing,
    () => false,
  );

function subscribe(listener: () => void): () => void {
  const set = (on: boolean) => (): void => {
    printing = on;
    // The browser lays the page out as soon as this returns.
    flushSync(listener);
  };
  const [begin, end] = [set(true), set(false)];
  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  return () => {
    removeEventListener("beforeprint", begin);
    removeEventListener("afterprint", end);
  };
}
