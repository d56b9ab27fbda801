import { lazy, Suspense, useState } from "react";
import { EllipsisVertical } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { ConversationRow } from "@fio/contracts";
import { Icon } from "../ui/icons.tsx";

const Menu = lazy(() => import("./more-menu-items.tsx"));

/** On phones: what stands in the head on wider windows. */
export function MoreMenu({ row, simulate }: { row: ConversationRow; simulate: () => void }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const button = (
    <button
      type="button"
      className="btn icon quiet phone-only"
      aria-label={t("convo.more")}
      onClick={() => setWanted(true)}
    >
      <Icon of={EllipsisVertical} />
    </button>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <Menu row={row} simulate={simulate} />
    </Suspense>
  );
}
