import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import { useLocation, useNavigationType } from "@remix-run/react";
import { idIn } from "../../names/id.ts";
import { useStore } from "../../store/context.tsx";
import { firstInView } from "./in-view.ts";
import type { Travel } from "./use-travel.ts";

/** Further than this from the end, the place is kept. */
const NEAR_END_PX = 80;

/** The message that an address names: `?message=`, as links of the app write it, or `?around=`, as the API does. */
export function askedMessage(search: string): string | null {
  const query = new URLSearchParams(search);
  return idIn(query.get("message") ?? query.get("around") ?? "");
}

/** The message at which a thread is opened: the one that the address names, or the one where one left it. */
export function useOpenedAt(id: string): string | null {
  const store = useStore();
  const { search } = useLocation();
  const navigation: string = useNavigationType();
  const [asked, kept] = [askedMessage(search), store.place(id)?.message ?? null];
  return navigation === "POP" ? (kept ?? asked) : (asked ?? kept);
}

/**
 * Where a thread is opened: at the message that the address names, once for each visit of the address; else where one
 * left the conversation. Back and forward lead to where one was.
 */
export function useAskedPlace({
  id,
  live,
  scroller,
  travel,
}: {
  id: string;
  live: boolean;
  scroller: RefObject<HTMLDivElement | null>;
  travel: Travel;
}): void {
  const store = useStore();
  const { key, search } = useLocation();
  const navigation: string = useNavigationType();
  const returns = navigation === "POP";
  const asked = askedMessage(search);
  const { toMessage } = travel;
  const opened = useRef<string | null>(null);
  const isLive = useRef(live);
  isLive.current = live;

  useLayoutEffectInBrowser(() => {
    const visit = `${id} ${key}`;
    if (opened.current === visit) return;
    const first = opened.current === null;
    opened.current = visit;
    const kept = store.place(id);
    if (asked !== null && !(returns && kept !== null)) toMessage(asked);
    else if (first && kept !== null) toMessage(kept.message, { top: kept.top });
  }, [id, key, asked, returns, store, toMessage]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const keep = (): void => {
      const atEnd = isLive.current && element.scrollTop >= -NEAR_END_PX;
      const seen = atEnd ? null : firstInView(element);
      const edge = element.getBoundingClientRect().top;
      const message = seen?.message.dataset["message"];
      store.keepPlace(id, seen === null || message === undefined ? null : { message, top: seen.top - edge });
    };
    element.addEventListener("scroll", keep, { passive: true });
    return () => {
      element.removeEventListener("scroll", keep);
    };
  }, [id, scroller, store]);
}

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
