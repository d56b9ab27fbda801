import { useEffect, useLayoutEffect, useState, type ComponentType, type ReactNode } from "react";

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;
export type OnDemand<Props> = Props & {
  /** Stands there until it is loaded. */
  meanwhile?: ReactNode;
  /** Stands there once it could not be loaded. Without it that is tried again by itself for as long as it is wanted. */
  failed?: (again: () => void) => ReactNode;
};

const AGAIN_MS = 3_000;
const all = new Set<() => Promise<unknown>>();

/**
 * A part whose code is loaded when it is first drawn.
 *
 * Not `lazy`: what that fails to load, for want of a network, takes the whole page with it, and is never tried again.
 *
 * `ahead`: it is loaded by {@link loadAhead} too.
 */
export function onDemand<Props extends object>(
  load: Load<Props>,
  { ahead = true }: { ahead?: boolean } = {},
): ComponentType<OnDemand<Props>> {
  let loaded: ComponentType<Props> | null = null;
  const take = async (): Promise<void> => {
    loaded ??= (await load()).default;
  };
  if (ahead) all.add(take);
  return function Part({ meanwhile = null, failed, ...props }) {
    const [state, setState] = useState<"loading" | "failed" | "loaded">("loading");
    const insists = failed === undefined;
    useLayoutEffectInBrowser(() => {
      if (loaded !== null || state !== "loading") return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let wanted = true;
      const go = (): void =>
        void take().then(
          () => wanted && setState("loaded"),
          () => {
            if (!wanted) return;
            if (insists) timer = setTimeout(go, AGAIN_MS);
            else setState("failed");
          },
        );
      go();
      return () => {
        wanted = false;
        clearTimeout(timer);
      };
    }, [state, insists]);
    const Loaded = loaded;
    if (Loaded !== null) return <Loaded {...(props as unknown as Props)} />;
    return state === "failed" ? failed?.(() => setState("loading")) : meanwhile;
  };
}

/** Loads what may be needed later, one after the other: without a network, or after a new version was put in place, it is there. */
export async function loadAhead(): Promise<void> {
  for (const take of all) await take();
}

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
