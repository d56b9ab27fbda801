import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useTranslation } from "../i18n/context.tsx";
import type { TextName } from "../i18n/i18n.ts";
import { ACCOUNT } from "../device/account.ts";
import { setSetting, useSetting } from "../device/settings.ts";
import { Icon } from "../ui/icons.tsx";
import { Caps } from "../keys/key-caps.tsx";
import { commandOf, COMMANDS, GROUPS } from "../keys/keymap.ts";
import { Toggle } from "../connection/live-popover.tsx";

const TITLES: Record<(typeof GROUPS)[number], TextName> = {
  conversations: "shortcuts.conversations",
  here: "shortcuts.here",
  writing: "shortcuts.writing",
  general: "shortcuts.general",
};
const listed = COMMANDS.map(commandOf).filter(
  ({ keys, signedIn = false }) => keys.length > 0 && (!signedIn || ACCOUNT !== ""),
);

/** All keys, and a switch for those that need no other key. */
export default function Shortcuts({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const single = useSetting("keys");
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="layer">
          <Dialog.Content
            className="dialog sheet"
            aria-describedby={undefined}
            // The sheet itself: there is nothing to do in it but to read, and arrows scroll it.
            onOpenAutoFocus={(event) => {
              event.preventDefault();
              if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
            }}
            onCloseAutoFocus={(event) => event.preventDefault()}
          >
            <header className="dlg-head">
              <Dialog.Title asChild>
                <h2>{t("shortcuts.title")}</h2>
              </Dialog.Title>
              <Dialog.Close className="btn icon quiet" aria-label={t("shortcuts.close")}>
                <Icon of={X} />
              </Dialog.Close>
            </header>
            <div className="sc-grid">
              {GROUPS.map((group) => (
                <section key={group}>
                  <h3>{t(TITLES[group])}</h3>
                  <dl>
                    {listed
                      .filter((command) => command.group === group)
                      .map(({ label, keys }) => (
                        <div key={label}>
                          <dt>{t(label)}</dt>
                          <dd>
                            {keys.map((each, index) => (
                              <span key={each} className="contents">
                                {index > 0 && <span className="or">{t("shortcuts.or")}</span>}
                                <Caps keys={each} />
                              </span>
                            ))}
                          </dd>
                        </div>
                      ))}
                  </dl>
                </section>
              ))}
            </div>
            <footer className="dlg-foot">
              <Toggle label={t("shortcuts.single")} on={single} set={(on) => setSetting("keys", on)} />
              <span className="fine">{t("shortcuts.typing")}</span>
            </footer>
          </Dialog.Content>
        </Dialog.Overlay>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
