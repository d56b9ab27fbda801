import { useState } from "react";
import { Popover, Switch } from "radix-ui";
import { useTranslation } from "../i18n/context.tsx";
import { chime } from "../device/chime.ts";
import { canNotify, switchNotify } from "../device/notices.ts";
import { wakeFeed } from "../store/browser-feed.ts";
import { setSetting, useSetting } from "../device/settings.ts";
import { useTimes } from "../time/context.tsx";
import { useShown } from "./use-connection-state.ts";

/** Details of the connection, and notification settings. */
export default function LivePopover({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  const times = useTimes();
  const { sync, shown } = useShown();
  const [open, setOpen] = useState(true);
  const sound = useSetting("sound");
  const notify = useSetting("notify");
  const [denied, setDenied] = useState(!canNotify());
  const title =
    shown === "live"
      ? "live.well"
      : shown === "offline"
        ? "live.offline"
        : shown === "out"
          ? "live.out"
          : ("live.reconnecting" as const);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="live-btn" title={t("live.show")}>
        {children}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="live-pop"
          aria-label={t("live.title")}
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={12}
        >
          <h2>{t(title)}</h2>
          <dl className="facts">
            <Fact name={t("live.lastChange")}>
              {sync.changedAt === null ? t("live.nothing") : times.clockSeconds(sync.changedAt)}
            </Fact>
            {sync.delay !== null && <Fact name={t("live.delay")}>{sync.delay} ms</Fact>}
            {sync.since !== null && <Fact name={t("live.since")}>{times.clock(sync.since)}</Fact>}
            {sync.recovered !== null && (
              <Fact name={t("live.recovered")}>{t("live.changes", { count: sync.recovered })}</Fact>
            )}
          </dl>
          <p>{t("live.promise")}</p>
          {shown !== "live" && (
            <button type="button" className="btn sm" onClick={wakeFeed}>
              {t("live.reconnect")}
            </button>
          )}
          <div className="live-switches">
            <Toggle
              label={t("live.sound")}
              on={sound}
              set={(on) => {
                setSetting("sound", on);
                if (on) chime();
              }}
            />
            <Toggle
              label={t("live.notify")}
              on={notify && !denied}
              disabled={denied}
              set={(on) => void switchNotify(on).then((done) => setDenied(!done))}
            />
            {denied && <p>{t("live.notify.denied")}</p>}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

export function Toggle({
  label,
  on,
  set,
  disabled = false,
}: {
  label: string;
  on: boolean;
  set: (on: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label className="switch">
      <Switch.Root
        className="track"
        checked={on}
        onCheckedChange={set}
        disabled={disabled}
        aria-label={label}
      >
        <Switch.Thumb className="thumb" />
      </Switch.Root>
      {label}
    </label>
  );
}
