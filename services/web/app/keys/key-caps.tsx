import { useCallback, useSyncExternalStore } from "react";
import { commandOf, type CommandId } from "./keymap.ts";
import { capsOf } from "./strokes.ts";

const never = () => () => {};
const modifier = (): string => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl");

/** What this machine calls the key that is held for commands; the server does not know. */
export const useModifier = (): string => useSyncExternalStore(never, modifier, () => "Ctrl");

/** The title of a button that does a command: its words, and the keys that do the same. */
export function useKeyTitle(): (words: string, id: CommandId) => string {
  const mod = useModifier();
  return useCallback(
    (words, id) => {
      const [keys] = commandOf(id).keys;
      return keys === undefined ? words : `${words} (${capsOf(keys, mod).join(" ")})`;
    },
    [mod],
  );
}

/** The keys of a command; of several ways the first. */
export function KeyCaps({ of }: { of: CommandId }) {
  const [keys] = commandOf(of).keys;
  return keys === undefined ? null : <Caps keys={keys} />;
}

export function Caps({ keys }: { keys: string }) {
  const mod = useModifier();
  return (
    <span className="keys">
      {capsOf(keys, mod).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
