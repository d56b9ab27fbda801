import { kept, useKept, type Kept } from "./kept.ts";

/** Switches of this device. */
export type Setting = "sound" | "notify" | "keys";

const DEFAULTS: Record<Setting, boolean> = { sound: false, notify: false, keys: true };

const settings = Object.fromEntries(
  (Object.keys(DEFAULTS) as Setting[]).map((name) => [
    name,
    kept({
      key: `fio.${name}`,
      read: (text) => (text === null ? DEFAULTS[name] : text === "on"),
      write: (on) => (on ? "on" : "off"),
    }),
  ]),
) as Record<Setting, Kept<boolean>>;

export const setting = (name: Setting): boolean => settings[name].get();
export const setSetting = (name: Setting, on: boolean): void => void settings[name].set(on);
export const useSetting = (name: Setting): boolean => useKept(settings[name], DEFAULTS[name]);
