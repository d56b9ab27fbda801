import { useSyncExternalStore } from "react";

/** Switches of this device. */
export type Setting = "sound" | "notify" | "keys";

const DEFAULTS: Record<Setting, boolean> = { sound: false, notify: false, keys: true };
const listeners = new Set<() => void>();

export function setting(name: Setting): boolean {
  const kept = localStorage.getItem(`fio.${name}`);
  return kept === null ? DEFAULTS[name] : kept === "on";
}

export function setSetting(name: Setting, on: boolean): void {
  localStorage.setItem(`fio.${name}`, on ? "on" : "off");
  for (const listener of listeners) listener();
}

export const useSetting = (name: Setting): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      addEventListener("storage", listener);
      return () => {
        listeners.delete(listener);
        removeEventListener("storage", listener);
      };
    },
    () => setting(name),
    () => DEFAULTS[name],
  );
