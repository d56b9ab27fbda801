import { RotateCcw } from "lucide-react";
import type { MessageDelivery } from "@fio/contracts";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { useKeyTitle } from "../../keys/key-caps.tsx";
import { PATHS } from "../../names/paths.ts";
import { useStore } from "../../store/context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { toast } from "../../ui/toast.ts";
import { sendAgain, useSentAgain, type SentAgain } from "./send-again.ts";
import { UNDELIVERED_WORDS } from "./words.ts";

/** Has an answer sent once more that was given up. A form, so that it works before any script runs. */
export function SendAgainButton({
  id,
  conversation,
  delivery,
  done,
}: {
  id: string;
  conversation: string;
  delivery: MessageDelivery;
  /** Called when something came of it, before the button goes; `focused`: the focus is on it. */
  done?: (focused: boolean) => void;
}) {
  const { t } = useTranslation();
  const say = useWords(UNDELIVERED_WORDS);
  const title = useKeyTitle();
  const store = useStore();
  const failed = { id, version: delivery.version };
  const pending = useSentAgain(failed) === "pending";
  const tell = (sent: SentAgain): void => {
    switch (sent.kind) {
      case "waiting": {
        const of = { conversation_id: conversation, message_id: id };
        store.apply([{ event: "message_delivery", ...of, delivery: sent.delivery }]);
        store.notify();
        toast(say("askedShort"), { kind: "note" });
        return;
      }
      case "gone":
        toast(say("others"), { kind: "note" });
        return;
      case "failed":
        toast(say("failed", { reason: t(sent.reason) }), { kind: "bad" });
    }
  };
  const run = (button: Element | null): void =>
    void sendAgain(failed, (sent) => {
      // While the button is still there: the focus can go on from it.
      if (sent.kind !== "failed") done?.(button !== null && button === document.activeElement);
      tell(sent);
    });
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
      {/* Not `disabled`: that would drop the focus. */}
      <button
        className="btn sm send-again"
        title={title(say("sendAgain"), "sendAgain")}
        aria-disabled={pending}
      >
        <Icon of={RotateCcw} />
        {say(pending ? "sending" : "sendAgain")}
      </button>
    </form>
  );
}
