import { useSyncExternalStore } from "react";
import { setting } from "./settings.ts";

/**
 * Sound and notices are offered once, when a customer has written while the agent looked elsewhere: `made` until it is
 * taken or turned down, and never again.
 */
type State = "made" | "over";

const KEY = "fio.offer";
const listeners = new Set<() => void>();
const read = (): State | null => localStorage.getItem(KEY) as State | null;

function write(state: State): void {
  localStorage.setItem(KEY, state);
  for (const listener of listeners) listener();
}

/** Makes the offer, unless it was made before or there is nothing left to offer. */
export function offerOnce(): void {
  if (read() === null) write(setting("sound") || setting("notify") ? "over" : "made");
}

export const endOffer = (): void => write("over");

/** Whether there is an offer to show. */
export const useOffer = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      addEventListener("storage", listener);
      return () => {
        listeners.delete(listener);
        removeEventListener("storage", listener);
      };
    },
    () => read() === "made",
    () => false,
  );
