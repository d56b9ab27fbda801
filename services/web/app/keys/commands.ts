/** Commands that keys, the palette and menus send to the components on the page. */
export type Command = "reply" | "close" | "copy" | "simulate" | "newest";

const handlers = new Map<Command, Set<() => void>>();

export function onCommand(command: Command, run: () => void): () => void {
  const own = handlers.get(command) ?? new Set();
  handlers.set(command, own.add(run));
  return () => void own.delete(run);
}

/** True when something handled it. */
export function command(which: Command): boolean {
  const runs = [...(handlers.get(which) ?? [])];
  runs.at(-1)?.();
  return runs.length > 0;
}

export const offers = (which: Command): boolean => (handlers.get(which)?.size ?? 0) > 0;
