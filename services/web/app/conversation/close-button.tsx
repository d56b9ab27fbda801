import { useEffect, useState } from "react";
import { useSearchParams } from "@remix-run/react";
import { Lock } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { browserOutbox } from "../outbox/browser-outbox.ts";
import { postedText } from "../outbox/posted-text.ts";
import { closeConversation } from "../outbox/send-message.ts";
import { useClosing } from "../outbox/use-outbox.ts";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { openedByKey } from "../keys/opened-by-key.tsx";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.ts";

const CloseDialog = openedByKey(() => import("./close-dialog.tsx"));

/** Asks for confirmation, since a close cannot be undone; without scripts on the next page, see `CloseQuestion`. */
export function CloseButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const title = useKeyTitle();
  const closing = useClosing(id);
  const pending = closing !== null;

  useCommand("close", () => setAsking(true));
  useEffect(() => {
    if (closing === null) return;
    const { state, code } = closing;
    if (state !== "unsent" && state !== "refused" && state !== "invalid") return;
    const reason = code === null ? "reason.queue" : postedText({ kind: "invalid", code, fault: undefined });
    browserOutbox().remove(closing.id);
    toast(t("close.failed", { reason: t(reason) }), {
      kind: "bad",
      action: { label: t("error.retry"), run: () => closeConversation(id) },
    });
  }, [id, closing, t]);

  return (
    <>
      <form
        className="contents"
        method="get"
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <input type="hidden" name="close" value="ask" />
        <button className="btn sm not-phone" title={title(t("convo.close"), "close")} disabled={pending}>
          <Icon of={Lock} />
          <span>{t(pending ? "close.pending" : "convo.close")}</span>
        </button>
      </form>
      {asking && (
        <CloseDialog
          id={id}
          close={() => setAsking(false)}
          confirm={() => {
            setAsking(false);
            closeConversation(id);
          }}
        />
      )}
    </>
  );
}

/** The same question where no script runs: on the page of its own that the button leads to. */
export function CloseQuestion() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  if (!search.has("close")) return null;
  return (
    <form className="banner ask" method="post" action="?">
      <input type="hidden" name="intent" value="close" />
      <Icon of={Lock} />
      <p>
        <strong>{t("close.title")}</strong> {t("close.warning")}
      </p>
      <p className="kept-acts">
        <button className="btn sm solid">{t("convo.close")}</button>
        <a className="btn sm" href="?">
          {t("close.cancel")}
        </a>
      </p>
    </form>
  );
}
