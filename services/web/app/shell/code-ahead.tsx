import { useEffect } from "react";
import { matchRoutes, useBlocker, type Location } from "@remix-run/react";
import { NotLoaded } from "../ui/not-loaded.tsx";
import { loadAhead } from "../ui/on-demand.tsx";

/** The first page can be used by then, and whoever opened the app for a look has gone. */
const QUIET_MS = 3_000;

type RemixWindow = {
  __remixManifest?: { routes: Record<string, { id: string; module: string }> };
  __remixRouteModules?: Record<string, unknown>;
  __remixRouter?: { routes: Parameters<typeof matchRoutes>[0] };
};
const remix = (): RemixWindow => globalThis;
const isPage = ({ id }: { id: string }): boolean => id.startsWith("routes/_shell");

let pagesAreLoaded = false;

async function loadPages(): Promise<void> {
  const { routes = {} } = remix().__remixManifest ?? {};
  for (const { module } of Object.values(routes).filter(isPage)) await import(/* @vite-ignore */ module);
  pagesAreLoaded = true;
}

function isLoaded(location: Location): boolean {
  const { __remixRouter: router, __remixRouteModules: modules = {} } = remix();
  if (pagesAreLoaded || router === undefined) return true;
  return (matchRoutes(router.routes, location) ?? []).every(({ route }) => (route.id ?? "") in modules);
}

/**
 * Loads the code of all pages and of what opens over them while nothing else is to be done: a page whose code cannot be
 * loaded makes Remix reload the app, which without a network is gone then. Until it is there such a page is not opened.
 */
export function CodeAhead() {
  const blocker = useBlocker(({ nextLocation }) => !navigator.onLine && !isLoaded(nextLocation));
  useEffect(() => {
    const load = (): void =>
      void Promise.all([loadPages(), loadAhead()]).then(
        () => {
          document.documentElement.dataset["whole"] = "";
          removeEventListener("online", load);
        },
        // Once the network is back.
        () => undefined,
      );
    const timer = setTimeout(load, QUIET_MS);
    addEventListener("online", load);
    return () => {
      clearTimeout(timer);
      removeEventListener("online", load);
    };
  }, []);
  if (blocker.state !== "blocked") return null;
  return <NotLoaded again={() => navigator.onLine && blocker.proceed()} close={() => blocker.reset()} />;
}
