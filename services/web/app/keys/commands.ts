import { useEffect, useRef } from "react";
import type { CommandId } from "./keymap.ts";

/** What commands do is said by what is on the page; whoever came last is asked. */
const handlers = new Map<CommandId, Set<() => void>>();

export function onCommand(id: CommandId, run: () => void): () => void {
  const own = handlers.get(id) ?? new Set();
  handlers.set(id, own.add(run));
  return () => void own.delete(run);
}

/** True when something on the page did it. */
export function command(id: CommandId): boolean {
  const runs = [...(handlers.get(id) ?? [])];
  runs.at(-1)?.();
  return runs.length > 0;
}

export const offers = (id: CommandId): boolean => (handlers.get(id)?.size ?? 0) > 0;

/** Does a command as long as the component is on the page; `null`: it cannot be done now. */
export function useCommand(id: CommandId, run: (() => void) | null): void {
  const latest = useRef(run);
  latest.current = run;
  const can = run !== null;
  useEffect(() => (can ? onCommand(id, () => latest.current?.()) : undefined), [id, can]);
}
