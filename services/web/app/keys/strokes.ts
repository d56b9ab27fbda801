import { commandOf, COMMANDS, type Command, type CommandId } from "./keymap.ts";

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/**
 * A press as the keymap writes it. Of a letter Shift says nothing: `?` needs it on some keyboards, and Caps Lock has
 * no part in what a key does.
 */
export function strokeOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): string {
  const letter = key.length === 1;
  const mod = ctrlKey || metaKey;
  const held = [mod && "Mod+", altKey && "Alt+", shiftKey && (!letter || mod) && "Shift+"];
  return held.filter((part) => part !== false).join("") + (letter ? key.toLowerCase() : key);
}

/** Whether a press calls a command by itself, with no key before it. */
export const calls = (event: Press, id: CommandId): boolean => commandOf(id).keys.includes(strokeOf(event));

/** `field`: the focus is where text goes; what means `anywhere` is meant there too. */
export const isMeant = ({ where }: Command, { field }: { field: boolean }): boolean =>
  where === "anywhere" || (where === "field") === field;

/** The commands that a press may mean after the one before it, and whether it may begin a longer one. */
export function meaningsOf(
  stroke: string,
  before: string | null,
): { commands: CommandId[]; begins: boolean } {
  const whole = before === null ? stroke : `${before} ${stroke}`;
  const having = (fits: (keys: string) => boolean): CommandId[] =>
    COMMANDS.filter((id) => commandOf(id).keys.some(fits));
  return {
    commands: having((keys) => keys === whole),
    begins: having((keys) => keys.startsWith(`${whole} `)).length > 0,
  };
}

/** A way to call a command, as the caps of its keys. `mod`: what this machine calls it. */
export const capsOf = (keys: string, mod: string): string[] =>
  keys.split(/ |\+(?=.)/).map((key) => CAPS[key] ?? (key === "Mod" ? mod : key.toUpperCase()));

const CAPS: Record<string, string> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  Escape: "Esc",
  Enter: "Enter",
  Shift: "Shift",
  End: "End",
  Alt: "Alt",
};
