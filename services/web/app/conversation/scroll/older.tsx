import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { Link } from "@remix-run/react";
import { useTranslation } from "../../i18n/context.tsx";
import type { Store } from "../../store/store.ts";
import { loadMessages } from "./load-messages.ts";

/** Loads the page above as it comes near; a link where no script runs. */
export function Older({
  id,
  older,
  scroller,
  store,
}: {
  id: string;
  older: string;
  scroller: RefObject<HTMLDivElement | null>;
  store: Store;
}) {
  const { t } = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");
  const busy = useRef(false);
  const load = useCallback(async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setState("loading");
    const answer = await loadMessages(id, { page: older });
    busy.current = false;
    if (answer === null) {
      setState("failed");
      return;
    }
    setState("idle");
    store.addOlder(answer.conversation, answer.older);
    store.notify();
  }, [id, older, store]);

  useEffect(() => {
    const own = element.current;
    if (own === null || state === "failed") return;
    const observer = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting === true) void load();
      },
      { root: scroller.current, rootMargin: "1600px 0px" },
    );
    observer.observe(own);
    return () => observer.disconnect();
  }, [load, scroller, state]);

  return (
    <div className="older" ref={element}>
      {state === "failed" && <p role="alert">{t("thread.older.failed")}</p>}
      <Link
        className="btn quiet sm"
        to={`?${new URLSearchParams({ page: older }).toString()}`}
        onClick={(event) => {
          event.preventDefault();
          void load();
        }}
      >
        {t(
          state === "loading" ? "thread.older.loading" : state === "failed" ? "error.retry" : "thread.older",
        )}
      </Link>
    </div>
  );
}
