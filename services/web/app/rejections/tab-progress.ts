import { useSyncExternalStore } from "react";

/** How far this tab is with each of what it was asked to do, by key: one thing may be on screen twice. */
export type TabProgress<State> = {
  of: (key: string) => State | undefined;
  set: (key: string, state: State) => void;
  use: (key: string) => State | undefined;
};

export function createTabProgress<State>(): TabProgress<State> {
  const states = new Map<string, State>();
  const listeners = new Set<() => void>();
  const of = (key: string): State | undefined => states.get(key);
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    of,
    set: (key, state) => {
      states.set(key, state);
      for (const listener of listeners) listener();
    },
    use: (key) =>
      useSyncExternalStore(
        subscribe,
        () => of(key),
        () => undefined,
      ),
  };
}
