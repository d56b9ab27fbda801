import { useState } from "react";
import { EllipsisVertical } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { ConversationRow } from "@fio/contracts";
import { useCommand } from "../keys/commands.ts";
import { openedByKey } from "../keys/opened-by-key.tsx";
import { useTimes } from "../time/context.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.ts";

const Menu = openedByKey(() => import("./more-menu-items.tsx"));

/** What is seldom done; on phones what stands in the head on wider windows, too. */
export function MoreMenu({ row, simulate }: { row: ConversationRow; simulate: () => void }) {
  const { t } = useTranslation();
  const times = useTimes();
  useCommand(
    "copyConversation",
    () =>
      void import("./copy-in-browser.ts").then(
        ({ copyConversation }) => copyConversation(row, { t, times }),
        () => toast(t("copy.failed"), { kind: "bad" }),
      ),
  );
  const [wanted, setWanted] = useState(false);
  const button = (
    <button
      type="button"
      className="btn icon quiet menu-button"
      aria-label={t("convo.more")}
      onClick={() => setWanted(true)}
    >
      <Icon of={EllipsisVertical} />
    </button>
  );
  if (!wanted) return button;
  return (
    <Menu
      row={row}
      simulate={simulate}
      early={button}
      isReady={() => document.activeElement?.closest("[role=menu]") != null}
      close={() => setWanted(false)}
    />
  );
}
