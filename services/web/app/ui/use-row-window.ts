import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Rows drawn beyond the view on either side. */
const MARGIN = 12;
/** What the server draws: enough for the tallest window. */
const SERVER_ROWS = 30;

export type Span = { from: number; to: number };

/** Which rows of equal height are to be drawn. In steps of a few rows, so that scrolling rarely redraws. */
export function spanOf({
  top,
  height,
  row,
  count,
}: {
  top: number;
  height: number;
  row: number;
  count: number;
}): Span {
  const step = MARGIN / 2;
  const first = Math.floor(top / row);
  const from = Math.max(0, Math.floor((first - MARGIN) / step) * step);
  const last = Math.ceil((top + height) / row);
  const to = Math.ceil((last + MARGIN) / step) * step;
  return { from: Math.min(from, count), to: Math.min(count, to) };
}

/**
 * By how many rows what was in view has moved: as most of it did, for one that goes to the top takes nobody along.
 * `view`: the ids that were in it, and the place of the first.
 */
export function movedBy(view: { ids: readonly string[]; from: number }, ids: readonly string[]): number {
  const places = new Map(ids.map((id, place) => [id, place]));
  const moves = view.ids
    .flatMap((id, at) => {
      const place = places.get(id);
      return place === undefined ? [] : place - (view.from + at);
    })
    .sort((a, b) => a - b);
  return moves[Math.floor(moves.length / 2)] ?? 0;
}

/**
 * Of a list whose rows are all equally high, only those near the view are drawn. What one reads stays where it is while
 * rows come and go above it; at its very top the list shows what comes. `onEnd` is called when the last ones come near.
 */
export function useWindow({
  ids,
  scroller,
  onEnd,
}: {
  ids: readonly string[];
  scroller: RefObject<HTMLElement | null>;
  onEnd: () => void;
}): { span: Span; before: number; after: number; toRow: (index: number) => void } {
  const count = ids.length;
  const [row, setRow] = useState(62);
  const [view, setView] = useState<{ top: number; height: number } | null>(null);
  const span =
    view === null ? { from: 0, to: Math.min(count, SERVER_ROWS) } : spanOf({ ...view, row, count });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      // The height follows the reader's own font size, and is another on phones.
      const measured = element.querySelector("li")?.getBoundingClientRect().height;
      if (measured !== undefined && measured > 0) setRow(measured);
      scrolled.current = element.scrollTop;
      setView((known) =>
        known?.top === element.scrollTop && known.height === element.clientHeight
          ? known
          : { top: element.scrollTop, height: element.clientHeight },
      );
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller]);

  const drawn = useRef(ids);
  const scrolled = useRef(0);
  useLayoutEffectInBrowser(() => {
    const element = scroller.current;
    const before = drawn.current;
    drawn.current = ids;
    if (element === null || before === ids || element.scrollTop < 1) return;
    // Where rows have left, the browser may have scrolled up already, to the new end.
    const cut = element.scrollTop + element.clientHeight >= element.scrollHeight - 1;
    const top = cut ? Math.max(element.scrollTop, scrolled.current) : element.scrollTop;
    const from = Math.floor(top / row);
    const to = Math.ceil((top + element.clientHeight) / row);
    const moved = movedBy({ ids: before.slice(from, to), from }, ids);
    if (moved === 0) return;
    element.scrollTop = top + moved * row;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [ids, row, scroller]);

  const nearEnd = view !== null && span.to >= count - MARGIN;
  useEffect(() => {
    if (nearEnd) onEnd();
  }, [nearEnd, onEnd, count]);

  const toRow = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (element === null) return;
      const [top, bottom] = [index * row, (index + 1) * row];
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight;
    },
    [row, scroller],
  );
  return { span, before: span.from * row, after: (count - span.to) * row, toRow };
}

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
