import { useMemo, useRef } from "react";
import { isAlive } from "../../device/first-paint.ts";
import { blocksOf, firstDrawn, type Block, type Item } from "../thread-items.ts";
import { useOpenedAt } from "./use-asked-place.ts";

/** No message is less high, with what is between it and the next. */
const LEAST_PX = 38;

export type Placed = Block & {
  /** Not in view when it comes: what one sees is drawn first. */ later: boolean;
};

/** The items of a thread in blocks, the last of which fill the view: that is what a switch to it draws. */
export function useBlocks(id: string, items: readonly Item[]): readonly Placed[] {
  const starts = useRef<Set<string> | null>(null);
  const later = useRef(new Map<string, boolean>());
  const openedAt = useOpenedAt(id);
  const opened = useRef(openedAt);
  return useMemo(() => {
    const messages = isAlive() ? Math.ceil(innerHeight / LEAST_PX) : Infinity;
    starts.current ??= new Set(
      items
        .filter(({ kind }) => kind === "message")
        .slice(-messages, -messages + 1)
        .map(({ key }) => key),
    );
    const blocks = blocksOf(items, starts.current);
    const drawn = firstDrawn(blocks, { message: opened.current, messages });
    opened.current = null;
    // What is drawn later was so when it came; it never becomes a guess again.
    later.current = new Map(blocks.map(({ key }) => [key, later.current.get(key) ?? !drawn.has(key)]));
    return blocks.map((block) => ({ ...block, later: later.current.get(block.key) ?? false }));
  }, [items]);
}
