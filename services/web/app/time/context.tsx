import { createContext, useContext, useMemo, useSyncExternalStore } from "react";
import { useTranslation } from "../i18n/context.tsx";
import type { Language } from "../i18n/i18n.ts";
import { createTimes, type Times } from "./times.ts";

type Value = { times: Times; renderedAt: number };
const TimesContext = createContext<Value | null>(null);

export function TimesProvider({
  language,
  zone,
  now,
  children,
}: {
  language: Language;
  zone: string;
  /** When the server rendered the page, in milliseconds: what "now" means until the page is alive. */
  now: number;
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const value = useMemo(
    () => ({ times: createTimes({ language, zone, t }), renderedAt: now }),
    [language, zone, t, now],
  );
  return <TimesContext.Provider value={value}>{children}</TimesContext.Provider>;
}

function useValue(): Value {
  const value = useContext(TimesContext);
  if (value === null) throw new Error("outside of the app");
  return value;
}

export const useTimes = (): Times => useValue().times;

/** The current time in milliseconds, updated every ten seconds, and when a hidden page becomes visible. */
export function useNow(): number {
  const { renderedAt } = useValue();
  return useSyncExternalStore(
    subscribe,
    () => (current === 0 ? renderedAt : current),
    () => renderedAt,
  );
}

const TICK_MS = 10_000;
const listeners = new Set<() => void>();
let current = 0;
let timer: ReturnType<typeof setInterval> | undefined;

const tick = (): void => {
  current = Date.now();
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
    // The page was rendered with the server's clock, perhaps a while ago.
    setTimeout(tick, 0);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
    timer = undefined;
  };
}
