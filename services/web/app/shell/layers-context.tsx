import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

export type Layer = "palette" | "shortcuts" | "ready";
export type Layers = { current: Layer | null; open: (layer: Layer) => void; close: () => void };

export const LayersContext = createContext<Layers>({ current: null, open: () => {}, close: () => {} });

/** The dialogs that belong to no page. */
export const useLayers = (): Layers => useContext(LayersContext);

/** The focus goes back to where it was before the first of them opened: the next letters are text, where they were. */
export function useLayersState(): Layers {
  const [current, setCurrent] = useState<Layer | null>(null);
  const before = useRef<Element | null>(null);
  const open = useCallback((layer: Layer) => {
    before.current ??= document.activeElement;
    setCurrent(layer);
  }, []);
  const close = useCallback(() => setCurrent(null), []);
  useEffect(() => {
    if (current !== null) return;
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
    before.current = null;
  }, [current]);
  return useMemo(() => ({ current, open, close }), [current, open, close]);
}
