import { createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { useLocation } from "@remix-run/react";
import { cookieText } from "../../device/cookies.ts";

/** `docked`: beside the thread on wide windows, remembered. `drawer`: over it on narrower ones, until it is closed. */
export type DetailsState = { docked: boolean; drawer: boolean; toggle: () => void; hide: () => void };

export const DetailsContext = createContext<DetailsState>({
  docked: true,
  drawer: false,
  toggle: () => {},
  hide: () => {},
});
export const useDetails = (): DetailsState => useContext(DetailsContext);

const isWide = (): boolean => matchMedia("(min-width: 80em)").matches;

export function useDetailsState(initial: boolean): DetailsState {
  const { search, pathname } = useLocation();
  const asked = new URLSearchParams(search).has("details");
  const [docked, setDocked] = useState(initial);
  const [drawer, setDrawer] = useState(asked);
  // A newly opened conversation shows its messages first.
  useEffect(() => setDrawer(asked), [pathname, asked]);

  const toggle = useCallback(() => {
    if (!isWide()) {
      setDrawer((open) => !open);
      return;
    }
    setDocked((open) => {
      document.cookie = cookieText("details", open ? "closed" : "open");
      return !open;
    });
  }, []);
  const hide = useCallback(() => setDrawer(false), []);
  return useMemo(() => ({ docked, drawer, toggle, hide }), [docked, drawer, toggle, hide]);
}
