import { useCallback, useRef, type RefObject } from "react";
import type { Block } from "../thread-items.ts";

const MARK_MS = 2_400;
const TRIES = 40;

/** `top`: how far below the thread's upper edge the message is to stand; in the middle and marked without. */
export type Reveal = (id: string, options?: { top: number }) => boolean;

/** Scrolls to a message that is loaded; false when it is not. `remark` as of the anchor. */
export function useReveal({
  scroller,
  blocks,
  remark,
}: {
  scroller: RefObject<HTMLDivElement | null>;
  blocks: readonly Block[];
  remark: () => void;
}): Reveal {
  const latest = useRef(blocks);
  latest.current = blocks;
  const asked = useRef(0);
  return useCallback(
    (id, options) => {
      const block = latest.current.find(({ items }) => items.some(({ key }) => key === id));
      if (block === undefined) return false;
      asked.current += 1;
      const own = asked.current;
      let tries = 0;
      const step = (): void => {
        if (own !== asked.current) return;
        const element = document.getElementById(`m-${id}`);
        if (element !== null) {
          if (options === undefined) {
            element.scrollIntoView({ block: "center" });
            element.classList.add("late");
            setTimeout(() => element.classList.remove("late"), MARK_MS);
          } else if (scroller.current !== null) {
            const edge = scroller.current.getBoundingClientRect().top;
            scroller.current.scrollTop += element.getBoundingClientRect().top - edge - options.top;
          }
          remark();
          return;
        }
        // Its block is drawn once it is in view.
        if (tries === 0) {
          scroller.current
            ?.querySelector(`[data-block="${CSS.escape(block.key)}"]`)
            ?.scrollIntoView({ block: "center" });
          remark();
        }
        tries += 1;
        if (tries < TRIES) requestAnimationFrame(step);
      };
      step();
      return true;
    },
    [scroller, remark],
  );
}
