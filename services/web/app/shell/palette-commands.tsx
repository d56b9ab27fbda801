import { Command } from "cmdk";
import { command } from "../keys/commands.ts";
import { KeyCaps } from "../keys/key-caps.tsx";
import { Icon } from "../ui/icons.tsx";
import { Marked } from "../ui/marked.tsx";
import type { PaletteItem } from "./palette-items.ts";

/** `done` wraps what is chosen: the palette closes first. */
export function PaletteCommands({
  heading,
  items,
  query,
  done,
}: {
  heading: string;
  items: readonly PaletteItem[];
  query: string;
  done: (run: () => void) => () => void;
}) {
  if (items.length === 0) return null;
  return (
    <Command.Group heading={heading}>
      {items.map(({ id, label, icon }) => (
        <Command.Item key={id} value={id} onSelect={done(() => void command(id))}>
          <Icon of={icon} />
          <span className="p-label">
            <Marked text={label} query={query} />
          </span>
          <KeyCaps of={id} />
        </Command.Item>
      ))}
    </Command.Group>
  );
}
