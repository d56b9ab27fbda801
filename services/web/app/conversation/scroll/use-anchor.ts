import { useCallback, useEffect, useRef, type RefObject } from "react";
import { firstInView, type InView } from "./in-view.ts";

/** Nearer to the end than this, the thread follows its end. */
const AT_END_PX = 2;

/**
 * Keeps the text in view in place while messages arrive below, above and in between. The browser's own scroll anchoring
 * is switched off (see the style sheet): some have none, and in a list that grows from its end Chrome's jumps to the
 * top of what is added above. `live`: the thread reaches the newest message, so that its end is followed.
 *
 * Returns what to call after scrolling to somewhere else, so that what was in view before is held no longer.
 */
export function useAnchor({
  scroller,
  live,
}: {
  scroller: RefObject<HTMLDivElement | null>;
  live: boolean;
}): () => void {
  const anchor = useRef<InView | null>(null);
  const follows = useRef(live);
  follows.current = live;
  const mark = useCallback((): void => {
    const element = scroller.current;
    if (element === null) return;
    anchor.current = follows.current && element.scrollTop > -AT_END_PX ? null : firstInView(element);
  }, [scroller]);
  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild ?? null;
    if (element === null || content === null) return;
    const restore = (): void => {
      const held = anchor.current;
      // By its id: a page that is put above may draw it anew, in another block.
      const message = held === null ? null : document.getElementById(held.message.id);
      if (held !== null && message !== null) {
        const moved = message.getBoundingClientRect().top - held.top;
        if (Math.abs(moved) >= 1) element.scrollTop += moved;
      }
      mark();
    };
    // Called after layout and before paint: corrections here are never visible.
    const resized = new ResizeObserver(restore);
    resized.observe(content);
    resized.observe(element);
    element.addEventListener("scroll", mark, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", mark);
    };
  }, [scroller, mark]);
  return mark;
}
