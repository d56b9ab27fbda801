import { useEffect, useRef, useState } from "react";
import { Copy, X } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { Key } from "../i18n/pt-BR.ts";
import { CarriedFrom } from "../rejections/carried-from.tsx";
import { useRefused } from "../rejections/use-refused.ts";
import type { DetailsData } from "../server/details.server.ts";
import { useThread } from "../store/context.tsx";
import type { Thread } from "../store/thread.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { useAfterPaint } from "../ui/use-after-paint.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { State } from "./pane.tsx";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { useDetails } from "./details-context.tsx";
import { useHistory } from "./use-history.ts";
import { Icon } from "../ui/icons.tsx";
import { DetailsSkeleton } from "./skeleton.tsx";
import { RefusedMessages } from "./refused-messages.tsx";
import { Timeline } from "./timeline.tsx";
import { useIsWide } from "../device/use-media.ts";

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
        {painted && (
          <>
            <CarriedFrom id={id} />
            <RefusedMessages rejections={rejections} />
            <Technical thread={thread} loaded={loaded} />
          </>
        )}
      </div>
    </aside>
  );
}

function Facts({ thread: { row } }: { thread: Thread }) {
  const { t, language } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const when = (at: string): string => times.relative(instantOf(at), now);
  return (
    <dl className="facts">
      <Fact name="details.state">
        <State state={row.state} />
      </Fact>
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
    </dl>
  );
}

function Fact({ name, children }: { name: Key; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Ids, microseconds and receipts; the history is read when somebody looks. */
function Technical({ thread: { row }, loaded }: { thread: Thread; loaded: DetailsData | undefined }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const history = useHistory({ id: row.id, loaded: loaded ?? null, version: row.version, wanted: open });
  return (
    <details className="technical block" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t("technical.title")}</summary>
      <dl className="facts">
        <div className="id-fact">
          <dt>{t("details.id")}</dt>
          <dd>
            <CopyButton
              className="copy-id full"
              text={row.id}
              label={t("details.copyFull")}
              copied={t("convo.copied")}
            >
              <code>{row.id}</code>
              <Icon of={Copy} />
            </CopyButton>
          </dd>
        </div>
        <Fact name="details.started">
          <code>{row.created_at}</code>
        </Fact>
        {row.closed_at !== null && (
          <Fact name="details.closed">
            <code>{row.closed_at}</code>
          </Fact>
        )}
      </dl>
      <Timeline history={history} conversation={row.id} />
    </details>
  );
}
