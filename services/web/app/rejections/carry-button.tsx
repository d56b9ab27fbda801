import { useNavigate } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { conversationPath } from "../names/paths.ts";
import { toast } from "../ui/toast.ts";
import { seeTo, useProgress } from "./see-to.ts";

/** Carries a message of one's own that was left out to another conversation, and opens that one. */
export function CarryButton({
  receipt,
  className,
  done,
}: {
  receipt: string;
  className: string;
  /** Called before the other conversation is opened. */
  done?: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const pending = useProgress(receipt)?.kind === "pending";
  const carry = async (): Promise<void> => {
    const acted = await seeTo(receipt, "carry");
    if (acted?.kind === "failed") {
      toast(t("rejections.carry.failed", { reason: t(acted.reason) }), { kind: "bad" });
    } else if (acted?.kind === "carried") {
      done?.();
      navigate(conversationPath(acted.to));
    } else if (acted !== null) toast(t("rejections.left"), { kind: "note" });
  };
  return (
    // Not `disabled`: that would drop the focus.
    <button type="button" className={className} aria-disabled={pending} onClick={() => void carry()}>
      {t(pending ? "rejections.carrying" : "rejections.carry")}
    </button>
  );
}
