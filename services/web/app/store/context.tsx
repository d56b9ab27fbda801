import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import type { CarriedFrom, ConversationRow } from "@fio/contracts";
import type { View } from "./list.ts";
import type { Store } from "./store.ts";
import type { Thread } from "./thread.ts";

export const StoreContext = createContext<Store | null>(null);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("outside of the app");
  return store;
}

/** Takes a loader's answer into the store before it is first read, and tells other readers afterwards. */
export function useSeed(seed: (store: Store) => void, answer: unknown): void {
  const store = useStore();
  seed(store);
  useEffect(() => store.notify(), [store, answer]);
}

export function useRows(view: View): readonly ConversationRow[] {
  const store = useStore();
  const read = (): readonly ConversationRow[] => store.list(view);
  return useSyncExternalStore(store.subscribe, read, read);
}

export function useThread(id: string): Thread | undefined {
  const store = useStore();
  const read = (): Thread | undefined => store.thread(id);
  return useSyncExternalStore(store.subscribe, read, read);
}

/** Where messages were carried from into a conversation. */
export function useCarriedFrom(id: string): readonly CarriedFrom[] {
  const store = useStore();
  const read = (): readonly CarriedFrom[] => store.carriedFrom(id);
  return useSyncExternalStore(store.subscribe, read, read);
}

/** Whether it is known to be erased for good. */
export function useIsErased(id: string): boolean {
  const store = useStore();
  const read = (): boolean => store.isErased(id);
  return useSyncExternalStore(store.subscribe, read, read);
}

/** A row of the list, known also where its thread is not. */
export function useRow(id: string): ConversationRow | undefined {
  const store = useStore();
  const read = (): ConversationRow | undefined => store.row(id);
  return useSyncExternalStore(store.subscribe, read, read);
}
