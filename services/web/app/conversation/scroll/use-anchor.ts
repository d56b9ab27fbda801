import { useEffect, type RefObject } from "react";

/** Nearer to the end than this, the thread follows its end. */
const AT_END_PX = 2;

/**
 * Keeps the text in view in place while messages arrive below, above and in between. The browser's own scroll anchoring
 * is switched off (see the style sheet): some have none, and in a list that grows from its end Chrome's jumps to the
 * top of what is added above.
 */
export function useAnchor(scroller: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild ?? null;
    if (element === null || content === null) return;
    let anchor: { message: Element; top: number } | null = null;
    const mark = (): void => {
      anchor = element.scrollTop > -AT_END_PX ? null : firstInView(element);
    };
    const restore = (): void => {
      if (anchor?.message.isConnected === true) {
        const moved = anchor.message.getBoundingClientRect().top - anchor.top;
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
  }, [scroller]);
}

function firstInView(scroller: HTMLElement): { message: Element; top: number } | null {
  const edge = scroller.getBoundingClientRect().top;
  for (const block of scroller.querySelectorAll("[data-block]")) {
    if (block.getBoundingClientRect().bottom <= edge) continue;
    for (const message of block.querySelectorAll("[data-message]")) {
      const { top, bottom } = message.getBoundingClientRect();
      if (bottom > edge) return { message, top };
    }
  }
  return null;
}
