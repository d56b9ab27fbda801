import { useEffect } from "react";
import { useFetcher, useNavigate } from "@remix-run/react";
import { useTranslation } from "../i18n/context.tsx";
import { conversationPath, PATHS } from "../names/paths.ts";
import type { Carried } from "../../server/carry.ts";
import { toast } from "../ui/toast.ts";

/**
 * Carries a message that was not let in over to another conversation and opens that one. The form names its receipt
 * alone; before any script runs the answer to it is that conversation.
 */
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
  const fetcher = useFetcher<Carried>({ key: `carry ${receipt}` });
  const answer = fetcher.data;
  const pending = fetcher.state !== "idle";
  useEffect(() => {
    if (pending || answer === undefined) return;
    if (answer.kind === "carried") {
      done?.();
      navigate(conversationPath(answer.conversation));
    } else if (answer.kind === "failed") {
      toast(t("rejections.carry.failed", { reason: t(reasonOf(answer)) }), { kind: "bad" });
    } else toast(t("rejections.carry.gone"), { kind: "note" });
    // One notice for each answer.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [pending, answer]);
  return (
    <fetcher.Form
      method="post"
      action={PATHS.carry}
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending) fetcher.submit({ receipt, stay: "" }, { method: "post", action: PATHS.carry });
      }}
    >
      <input type="hidden" name="receipt" value={receipt} />
      {/* Not `disabled`: that would drop the focus. */}
      <button className={className} aria-disabled={pending}>
        {t("rejections.carry")}
      </button>
    </fetcher.Form>
  );
}

function reasonOf({ reason, code }: Extract<Carried, { kind: "failed" }>) {
  if (reason === "queue" || reason === "api") return "reason.queue";
  if (reason === "slow") return "reason.accepted";
  return code === "NOT_AN_AGENT" || code === "SIGNATURE_INVALID" ? "reason.denied" : "reason.invalid";
}
