import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useTranslation } from "../i18n/context.tsx";
import type { Key } from "../i18n/pt-BR.ts";
import { setSetting, useSetting } from "../device/settings.ts";
import { Icon } from "../ui/icons.tsx";
import { modifier } from "./use-keys.ts";
import { Toggle } from "../connection/live-popover.tsx";

type Line = { of: Key; keys: string[][] };
const GROUPS: { title: Key; lines: Line[] }[] = [
  {
    title: "shortcuts.conversations",
    lines: [
      { of: "shortcuts.next", keys: [["J"], ["↓"]] },
      { of: "shortcuts.previous", keys: [["K"], ["↑"]] },
      { of: "none.nextUnread", keys: [["U"]] },
      { of: "list.new", keys: [["N"]] },
      { of: "list.goto", keys: [["/"]] },
      { of: "shortcuts.tabs", keys: [["1"], ["2"], ["3"]] },
    ],
  },
  {
    title: "shortcuts.here",
    lines: [
      { of: "palette.reply", keys: [["R"]] },
      { of: "convo.close", keys: [["E"]] },
      { of: "convo.menu.copy", keys: [["C"]] },
      { of: "convo.details", keys: [["D"]] },
      { of: "simulate.start", keys: [["S"]] },
      { of: "shortcuts.last", keys: [["End"]] },
    ],
  },
  {
    title: "shortcuts.writing",
    lines: [
      { of: "composer.send", keys: [["Enter"]] },
      { of: "shortcuts.break", keys: [["Shift", "Enter"]] },
      { of: "shortcuts.leave", keys: [["Esc"]] },
    ],
  },
  {
    title: "shortcuts.general",
    lines: [
      { of: "nav.commands", keys: [["Mod", "K"]] },
      { of: "shortcuts.gotoConversations", keys: [["G", "C"]] },
      { of: "shortcuts.gotoRejections", keys: [["G", "R"]] },
      { of: "shortcuts.this", keys: [["?"]] },
    ],
  },
];

/** All keys, and a switch for those that need no other key. */
export default function Shortcuts({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const single = useSetting("keys");
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="layer">
          <Dialog.Content className="dialog sheet" aria-describedby={undefined}>
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
                <section key={group.title}>
                  <h3>{t(group.title)}</h3>
                  <dl>
                    {group.lines.map((line) => (
                      <div key={line.of}>
                        <dt>{t(line.of)}</dt>
                        <dd>
                          {line.keys.map((keys, index) => (
                            <span key={keys.join()} className="contents">
                              {index > 0 && <span className="or">{t("shortcuts.or")}</span>}
                              <span className="keys">
                                {keys.map((key) => (
                                  <kbd key={key}>{key === "Mod" ? modifier() : key}</kbd>
                                ))}
                              </span>
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
