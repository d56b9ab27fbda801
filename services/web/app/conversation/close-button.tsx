import { lazy, Suspense, useEffect, useState } from "react";
import { useFetcher } from "@remix-run/react";
import { Lock } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { FormAnswer } from "../outbox/answers.ts";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { conversationPath } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";
import { toast } from "../ui/toast.ts";

const CloseDialog = lazy(() => import("./close-dialog.tsx"));

/** Asks for confirmation, since a close cannot be undone. Without scripts the form closes directly. */
export function CloseButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const fetcher = useFetcher<FormAnswer | null>({ key: `close ${id}` });
  const title = useKeyTitle();
  const pending = fetcher.state !== "idle";
  const close = (): void =>
    fetcher.submit({ intent: "close" }, { method: "post", action: conversationPath(id) });

  useCommand("close", () => setAsking(true));
  useEffect(() => {
    if (fetcher.state !== "idle" || fetcher.data?.intent !== "close") return;
    const reason = t(fetcher.data.reason);
    toast(t("close.failed", { reason }), {
      kind: "bad",
      ...(fetcher.data.reason === "reason.accepted"
        ? {}
        : { action: { label: t("error.retry"), run: close } }),
    });
    // One notice for each answer.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [fetcher.state, fetcher.data]);

  return (
    <>
      <form
        className="contents"
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <input type="hidden" name="intent" value="close" />
        <button className="btn sm not-phone" title={title(t("convo.close"), "close")} disabled={pending}>
          <Icon of={Lock} />
          {t(pending ? "close.pending" : "convo.close")}
        </button>
      </form>
      {asking && (
        <Suspense fallback={null}>
          <CloseDialog
            id={id}
            cancel={() => setAsking(false)}
            confirm={() => {
              setAsking(false);
              close();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
