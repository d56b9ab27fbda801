import { useEffect, useState } from "react";
import { Lock, RefreshCw, WifiOff } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { openedByKey } from "../keys/opened-by-key.tsx";
import type { Sync } from "../store/browser-feed.ts";
import { Icon } from "../ui/icons.tsx";
import { onDemand } from "../ui/on-demand.tsx";
import { useShown, type Shown } from "./use-connection-state.ts";

const SignedOut = onDemand(() => import("../sign-in/signed-out.tsx"));
const LivePopover = openedByKey(() => import("./live-popover.tsx"));

/** The true state of the connection: live and complete since when, or not. Opens the details. */
export function LiveState({ className }: { className: string }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const button = (
    <button className="live-btn" type="button" title={t("live.show")} onClick={() => setWanted(true)}>
      <Words />
    </button>
  );
  return (
    <span className={className}>
      {wanted ? (
        <LivePopover early={button} close={() => setWanted(false)}>
          <Words />
        </LivePopover>
      ) : (
        button
      )}
    </span>
  );
}

/** No warning yet: the page has only just been opened. */
const isOpening = (sync: Sync, shown: Shown): boolean =>
  sync.attempt === 0 && sync.since === null && shown !== "offline";

function Words() {
  const { t } = useTranslation();
  const { sync, shown } = useShown();
  const now = useSeconds();
  const seconds = (from: number): number => Math.max(0, Math.round((now - from) / 1000));
  switch (shown) {
    case "live":
      return (
        <span className="live">
          <span className="dot" />
          {t("live.on")}{" "}
          <span className="live-sub" aria-hidden="true">
            {sync.heardAt !== null &&
              t("live.synced", { ago: t("ago.seconds", { count: seconds(sync.heardAt) }) })}
          </span>
        </span>
      );
    case "offline":
      return (
        <span className="live is-warn">
          <Icon of={WifiOff} />
          {t("live.offline")} <span className="live-sub">{t("live.offline.sub")}</span>
        </span>
      );
    case "out":
      return (
        <span className="live is-warn">
          <Icon of={Lock} />
          {t("live.out")}
        </span>
      );
    case "connecting":
    case "waiting": {
      if (isOpening(sync, shown)) {
        return (
          <span className="live">
            <span className="dot idle" />
            {t("live.connecting")}
          </span>
        );
      }
      const left = sync.retryAt === null ? 0 : Math.round((sync.retryAt - now) / 1000);
      return (
        <span className="live is-warn">
          <Icon of={RefreshCw} className="spin" />
          {t("live.reconnecting")}{" "}
          <span className="live-sub" aria-hidden="true">
            {left > 0
              ? t("live.try", { attempt: sync.attempt, seconds: left })
              : t("live.try.now", { attempt: Math.max(1, sync.attempt) })}
          </span>
        </span>
      );
    }
  }
}

/** Announced to screen readers only when the connection changes. */
export function LiveAnnouncer() {
  const { t } = useTranslation();
  const { sync, shown } = useShown();
  const quiet = isOpening(sync, shown);
  if (shown === "out") return <SignedOut />;
  return (
    <p className="sr" role="status">
      {quiet
        ? ""
        : t(
            shown === "live"
              ? "live.on"
              : shown === "offline"
                ? "live.offline.announced"
                : "live.reconnecting",
          )}
    </p>
  );
}

/** Milliseconds now, told every second. */
function useSeconds(): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    const tick = (): void => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
