import { RotateCcw } from "lucide-react";
import type { MessageDelivery } from "@fio/contracts";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { useKeyTitle } from "../../keys/key-caps.tsx";
import { PATHS } from "../../names/paths.ts";
import { useStore } from "../../store/context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { toast } from "../../ui/toast.ts";
import { actOnFailed, useActProgress, type Came, type FailedAct } from "./act-on-failed.ts";
import { UNDELIVERED_WORDS } from "./words.ts";

/** Has an answer sent once more that was given up, or marks it as seen. A form, so that it works before any script runs. */
export function FailedButton({
  act,
  id,
  conversation,
  delivery,
  done,
}: {
  act: FailedAct;
  id: string;
  conversation: string;
  delivery: MessageDelivery;
  /** Called when something came of it, before the button goes; `focused`: the focus is on it. */
  done?: (act: FailedAct, focused: boolean) => void;
}) {
  const { t } = useTranslation();
  const say = useWords(UNDELIVERED_WORDS);
  const title = useKeyTitle();
  const store = useStore();
  const failed = { id, version: delivery.version };
  const progress = useActProgress(failed);
  const pending = progress?.came === null;
  const tell = (came: Came): void => {
    switch (came.kind) {
      case "waiting":
      case "seen": {
        const of = { conversation_id: conversation, message_id: id };
        store.apply([{ event: "message_delivery", ...of, delivery: came.delivery }]);
        store.notify();
        if (came.kind === "waiting") toast(say("askedShort"), { kind: "note" });
        return;
      }
      case "gone":
        toast(say("others"), { kind: "note" });
        return;
      case "failed": {
        const reason = t(came.reason);
        toast(act === "seen" ? t("rejections.seen.failed", { reason }) : say("failed", { reason }), {
          kind: "bad",
        });
      }
    }
  };
  const run = (button: Element | null): void =>
    void actOnFailed(failed, act, (came) => {
      // While the button is still there: the focus can go on from it.
      if (came.kind !== "failed") done?.(act, button !== null && button === document.activeElement);
      tell(came);
    });
  const words =
    act === "seen" ? t("rejections.seen") : say(pending && progress.act === act ? "sending" : "sendAgain");
  return (
    <form
      method="post"
      action={PATHS.undelivered}
      className="contents"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        run(submitted.currentTarget.querySelector("button"));
      }}
    >
      <input type="hidden" name="message" value={id} />
      <input type="hidden" name="act" value={act} />
      {/* Not `disabled`: that would drop the focus. */}
      <button
        className={act === "seen" ? "btn sm quiet mark-seen" : "btn sm send-again"}
        {...(act === "seen" ? {} : { title: title(say("sendAgain"), "sendAgain") })}
        aria-disabled={pending}
      >
        {act === "again" && <Icon of={RotateCcw} />}
        {words}
      </button>
    </form>
  );
}
