import { useEffect, useLayoutEffect, type RefObject } from "react";

/** How far from the end each conversation was left, for as long as the tab lives. */
const places = new Map<string, number>();
const KEPT = 200;

/** Comes back to where the conversation was left; at its end it stays at its end. */
export function useKeptPlace({
  id,
  scroller,
}: {
  id: string;
  scroller: RefObject<HTMLDivElement | null>;
}): void {
  useLayoutEffectInBrowser(() => {
    const element = scroller.current;
    const place = places.get(id);
    if (element !== null && place !== undefined) element.scrollTop = place;
  }, [id, scroller]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const keep = (): void => {
      places.delete(id);
      if (element.scrollTop < -80) places.set(id, element.scrollTop);
      const oldest = places.keys().next().value;
      if (places.size > KEPT && oldest !== undefined) places.delete(oldest);
    };
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, [id, scroller]);
}

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
