import type { LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData, useLocation, type ShouldRevalidateFunctionArgs } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { DetailsContext, useDetailsState } from "../conversation/details/details-context.tsx";
import { useDropsRefused } from "../conversation/composer/refused-files.ts";
import { CodeAhead } from "../shell/code-ahead.tsx";
import { useKeys } from "../shell/use-keys.ts";
import { useShellCommands } from "../shell/use-shell-commands.ts";
import { LayersContext, useLayersState } from "../shell/layers-context.tsx";
import { Layers } from "../shell/layers.tsx";
import { LiveAnnouncer } from "../connection/live-state.tsx";
import { isConversationPath, PATHS } from "../names/paths.ts";
import { Rail } from "../shell/rail.tsx";
import { useAttention } from "../shell/use-attention.ts";
import { useWaitingTitle } from "../shell/use-waiting-title.ts";
import { useLive } from "../store/use-live.ts";
import { useErasures } from "../outbox/use-erasures.ts";
import { useSkipped } from "../store/use-skipped.ts";
import { useWaitingLoaded } from "../store/use-waiting.ts";
import { failedCountOf } from "../server/deliveries.server.ts";
import { preferencesOf } from "../server/preferences.server.ts";

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { details } = preferencesOf(request);
  // What the rail tells is not worth an error: without an answer it tells nothing.
  const [first, counts] = await Promise.all([
    context.api.rejections({ unresolved: true, page: "limit=1" }).catch(() => null),
    failedCountOf(context.api).catch(() => null),
  ]);
  return {
    details,
    unresolved: first?.kind === "ok" && first.data.length > 0,
    failed: counts,
  };
}

/** The rail's dot updates itself: navigation loads nothing here. */
export const shouldRevalidate = ({
  currentUrl,
  nextUrl,
  defaultShouldRevalidate,
}: ShouldRevalidateFunctionArgs): boolean => currentUrl.href === nextUrl.href && defaultShouldRevalidate;

/** What runs as long as the app is open. */
function Alive() {
  useLive();
  useErasures();
  useSkipped();
  useWaitingLoaded();
  useWaitingTitle();
  useAttention();
  useShellCommands();
  useKeys();
  useDropsRefused();
  return null;
}

/** The frame of every page: the rail, and the layers that open over any of them. */
export default function Shell() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const loaded = useLoaderData<typeof loader>();
  const details = useDetailsState(loaded.details);
  const layers = useLayersState();
  const view = isConversationPath(pathname) ? "conversation" : pathname === PATHS.home ? "list" : "page";
  return (
    <LayersContext.Provider value={layers}>
      <DetailsContext.Provider value={details}>
        <a className="skip" href="#content">
          {t("app.skip")}
        </a>
        <div
          className="app"
          data-view={view}
          data-details={details.docked ? "open" : "closed"}
          data-drawer={details.drawer ? "open" : "closed"}
        >
          <Rail />
          <Outlet />
        </div>
        <Alive />
        <CodeAhead />
        <Layers />
        <LiveAnnouncer />
      </DetailsContext.Provider>
    </LayersContext.Provider>
  );
}
