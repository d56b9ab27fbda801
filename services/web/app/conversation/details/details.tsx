import { useEffect, useRef } from "react";
import { X } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { useRefused } from "../../rejections/use-refused.ts";
import type { DetailsData } from "../../server/details.server.ts";
import { useThread } from "../../store/context.tsx";
import type { Thread } from "../../store/thread.ts";
import { useNow, useTimes } from "../../time/context.tsx";
import { instantOf } from "../../time/times.ts";
import { useAfterPaint } from "../../ui/after-paint.ts";
import { loadWhenQuiet } from "../../ui/load-when-quiet.tsx";
import { State } from "../head.tsx";
import { useKeyTitle } from "../../keys/key-caps.tsx";
import { useDetails } from "./details-context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { DetailsSkeleton } from "../skeleton.tsx";
import { Fact } from "./fact.tsx";
import { useIsWide } from "../../device/use-media.ts";

/** Below what agents look at first; the thread beside it is to be usable before. */
const loadBelow = () => import("./details-below.tsx");
const DetailsBelow = loadWhenQuiet(import.meta.env.SSR ? (await loadBelow()).default : null, loadBelow);

/** What agents ask for: since when, who waits, what was left out; and folded, what an engineer asks for. */
export function Details({ id, loaded }: { id: string; loaded: DetailsData | undefined }) {
  const { t } = useTranslation();
  const details = useDetails();
  const title = useKeyTitle();
  const thread = useThread(id);
  const wide = useIsWide();
  const rejections = useRefused(id, loaded?.rejections);
  const close = useRef<HTMLButtonElement>(null);
  // Messages first: drawing the outcomes takes a third of the time of drawing a conversation.
  const painted = useAfterPaint();
  const opened = details.drawer && !wide;
  useEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    close.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [opened]);
  if (thread === undefined) return <DetailsSkeleton />;
  return (
    <aside
      className="details"
      aria-label={t("details.label")}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !opened) return;
        event.stopPropagation();
        details.hide();
      }}
    >
      <header className="pane-head">
        <h2>{t("details.title")}</h2>
        <button
          ref={close}
          type="button"
          className="btn icon quiet"
          aria-label={t("details.hide")}
          title={title(t("details.hide"), "details")}
          onClick={details.hide}
        >
          <Icon of={X} />
        </button>
      </header>
      <div className="details-body" tabIndex={0}>
        <Facts thread={thread} />
        {painted && <DetailsBelow thread={thread} rejections={rejections} loaded={loaded} />}
      </div>
    </aside>
  );
}

function Facts({ thread: { row } }: { thread: Thread }) {
  const { t, language } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const when = (at: string): string => times.relative(instantOf(at), now);
  const begun = row.version > 0;
  return (
    <dl className="facts">
      <Fact name="details.state">
        <State row={row} />
      </Fact>
      {begun && (
        <>
          <Fact name="details.started">{when(row.created_at)}</Fact>
          {row.closed_at !== null && <Fact name="details.closed">{when(row.closed_at)}</Fact>}
          <Fact name="details.activity">
            {row.last_message_at === null ? t("details.activity.none") : when(row.last_message_at)}
          </Fact>
          {row.waiting_since !== null && (
            <Fact name="details.waiting">
              <strong>{when(row.waiting_since)}</strong>
            </Fact>
          )}
          <Fact name="details.messages">{row.message_count.toLocaleString(language)}</Fact>
        </>
      )}
    </dl>
  );
}
