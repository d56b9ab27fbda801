import { vi } from "vitest";
import type { Memory } from "../kept.ts";

/** A storage, and the event by which another tab's change is heard. A test ends with `vi.unstubAllGlobals`. */
export function browser({
  room = Infinity,
  kept = {},
}: { room?: number; kept?: Record<string, string> } = {}) {
  const texts = new Map(Object.entries(kept));
  const heard = new Set<(event: { key: string | null }) => void>();
  vi.stubGlobal("addEventListener", (_: string, run: (event: { key: string | null }) => void) =>
    heard.add(run),
  );
  vi.stubGlobal("removeEventListener", (_: string, run: () => void) => heard.delete(run));
  const memory: Memory = {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => {
      if (text.length > room) throw new DOMException("full", "QuotaExceededError");
      texts.set(key, text);
    },
    removeItem: (key) => void texts.delete(key),
  };
  return { texts, memory, heard, elsewhere: (key: string | null) => heard.forEach((run) => run({ key })) };
}
