import { useMemo, useSyncExternalStore } from "react";
import { isFault, type Entry } from "./entry.ts";
import { browserOutbox } from "./browser-outbox.ts";

const NONE: readonly Entry[] = [];

const subscribe = (listener: () => void): (() => void) => browserOutbox().subscribe(listener);

function useEntries(): readonly Entry[] {
  return useSyncExternalStore(
    subscribe,
    () => browserOutbox().entries(),
    () => NONE,
  );
}

/** What this browser has sent or is sending in a conversation and is not seen in it yet, in order. */
export function useOutbox(conversation: string): readonly Entry[] {
  const entries = useEntries();
  return useMemo(() => {
    const own = entries.filter((entry) => entry.conversation === conversation);
    return own.length === 0 ? NONE : own;
  }, [entries, conversation]);
}

/** How many of a conversation could not be sent. */
export const useUnsentCount = (conversation: string): number =>
  useEntries().filter((entry) => entry.conversation === conversation && isFault(entry)).length;
