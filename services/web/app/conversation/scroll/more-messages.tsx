import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { Link } from "@remix-run/react";
import { useTranslation } from "../../i18n/context.tsx";
import { useStore } from "../../store/context.tsx";
import { loadMessages } from "./load-messages.ts";

/** At an open end of the thread: loads the page beyond it as it comes near; a link where no script runs. */
export function MoreMessages({
  id,
  side,
  query,
  scroller,
}: {
  id: string;
  side: "older" | "newer";
  query: string;
  scroller: RefObject<HTMLDivElement | null>;
}) {
  const { t } = useTranslation();
  const store = useStore();
  const element = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");
  const busy = useRef(false);
  const load = useCallback(async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setState("loading");
    const answer = await loadMessages(id, { page: query });
    busy.current = false;
    if (answer.kind !== "read") {
      setState("failed");
      return;
    }
    setState("idle");
    store.addPage(side, query, answer.page.conversation, answer.page);
    store.notify();
  }, [id, side, query, store]);

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
      {state === "failed" && <p role="alert">{t(`thread.${side}.failed`)}</p>}
      <Link
        className="btn quiet sm"
        to={`?${new URLSearchParams({ page: query }).toString()}`}
        onClick={(event) => {
          event.preventDefault();
          void load();
        }}
      >
        {t(
          state === "loading"
            ? `thread.${side}.loading`
            : state === "failed"
              ? "error.retry"
              : `thread.${side}`,
        )}
      </Link>
    </div>
  );
}
