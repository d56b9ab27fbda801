import { useEffect, useRef } from "react";
import { useFetcher } from "@remix-run/react";
import { RotateCcw } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { Rejection } from "@fio/contracts";
import type { Replayed } from "../outbox/answers.ts";
import { CarryButton } from "./carry-button.tsx";
import { Applied } from "./ended.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.ts";

/** The action for a refusal: a replay where it helps, a new conversation where there is a text, else nothing. */
export function WayOn({
  rejection,
  quiet,
  done,
}: {
  rejection: Rejection;
  quiet: boolean;
  /** Called when a replay was answered. */
  done?: () => void;
}) {
  const { t } = useTranslation();
  const text = rejection.event.data["content"];
  if (rejection.reason === "INTERNAL_ERROR") return <Replay rejection={rejection} done={done} />;
  if (rejection.reason === "CONVERSATION_NOT_FOUND")
    return <span className="sub">{t("rejections.waiting")}</span>;
  if (text === undefined) return <span className="sub">{t("rejections.definitive")}</span>;
  return <CarryButton receipt={rejection.receipt} className={quiet ? "btn sm quiet" : "btn sm"} />;
}

function Replay({ rejection, done }: { rejection: Rejection; done: (() => void) | undefined }) {
  const { t } = useTranslation();
  const fetcher = useFetcher<Replayed>({ key: `replay ${rejection.receipt}` });
  const answer = fetcher.data;
  const focused = useRef(false);
  useEffect(() => {
    if (fetcher.state !== "idle" || answer === undefined) return;
    if (answer.kind === "failed") {
      toast(t("rejections.replay.failed", { reason: t(answer.reason) }), { kind: "bad" });
    } else {
      toast(t(answer.kind === "applied" ? "rejections.replayed" : "rejections.replay.accepted"), {
        kind: answer.kind === "applied" ? "done" : "note",
      });
    }
    done?.();
    // One notice for each answer.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [fetcher.state, answer]);
  // Shown until the list is reloaded. Afterwards it is not known that it was a replay, so nothing says so.
  if (answer?.kind === "applied") return <Applied focus={focused.current} />;
  const pending = fetcher.state !== "idle";
  return (
    <fetcher.Form
      method="post"
      action="/rejections/replay"
      className="contents"
      onFocus={() => (focused.current = true)}
      onBlur={() => (focused.current = false)}
      onSubmit={(event) => {
        if (pending) event.preventDefault();
      }}
    >
      <input type="hidden" name="receipt" value={rejection.receipt} />
      <input type="hidden" name="type" value={rejection.event.type} />
      <input type="hidden" name="id" value={rejection.event.data["id"]} />
      {/* Not `disabled`: that would drop the focus. */}
      <button className="btn sm" aria-disabled={pending}>
        <Icon of={RotateCcw} />
        {t(pending ? "rejections.replaying" : "rejections.replay")}
      </button>
    </fetcher.Form>
  );
}
