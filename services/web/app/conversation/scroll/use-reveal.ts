import { useCallback, useEffect, useRef, type RefObject } from "react";
import type { Block } from "../thread-items.ts";

const MARK_MS = 2_400;
const TRIES = 40;
let revealInThread: ((id: string) => boolean) | null = null;

/** Scrolls to a message of the open conversation and marks it; false when it is not loaded. */
export const revealMessage = (id: string): boolean => revealInThread?.(id) ?? false;

export function useReveal({
  scroller,
  blocks,
}: {
  scroller: RefObject<HTMLDivElement | null>;
  blocks: readonly Block[];
}): (id: string) => boolean {
  const latest = useRef(blocks);
  latest.current = blocks;
  const reveal = useCallback(
    (id: string): boolean => {
      const block = latest.current.find(({ items }) => items.some(({ key }) => key === id));
      if (block === undefined) return false;
      let tries = 0;
      const step = (): void => {
        const element = document.getElementById(`m-${id}`);
        if (element !== null) {
          element.scrollIntoView({ block: "center" });
          element.classList.add("late");
          setTimeout(() => element.classList.remove("late"), MARK_MS);
          return;
        }
        // Its block is drawn once it is in view.
        if (tries === 0) {
          scroller.current
            ?.querySelector(`[data-block="${CSS.escape(block.key)}"]`)
            ?.scrollIntoView({ block: "center" });
        }
        tries += 1;
        if (tries < TRIES) requestAnimationFrame(step);
      };
      step();
      return true;
    },
    [scroller],
  );
  useEffect(() => {
    revealInThread = reveal;
    return () => {
      revealInThread = null;
    };
  }, [reveal]);
  return reveal;
}
