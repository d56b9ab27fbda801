import { useEffect, useRef } from "react";
import { Copy, X } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
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
import { RefusedMessages } from "./refused-messages.tsx";
import { Timeline } from "./timeline.tsx";
import { useIsWide } from "../device/use-media.ts";

/** Facts, what was refused, and every event with its receipt and outcome. */
export function Details({ id, loaded }: { id: string; loaded: DetailsData }) {
  const { t } = useTranslation();
  const details = useDetails();
  const title = useKeyTitle();
  const thread = useThread(id);
  const wide = useIsWide();
  const history = useHistory({ id, loaded, version: thread?.row.version ?? 0 });
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
  if (thread === undefined) return null;
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
            <RefusedMessages
              rejections={history.rejections}
              closedAt={thread.row.closed_at}
              reload={history.reload}
            />
            <Timeline history={history} conversation={id} />
          </>
        )}
      </div>
    </aside>
  );
}

function Facts({ thread: { row } }: { thread: Thread }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  return (
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
      <div>
        <dt>{t("details.state")}</dt>
        <dd>
          <State state={row.state} />
        </dd>
      </div>
      <div>
        <dt>{t("details.started")}</dt>
        <dd title={row.created_at}>{times.full(instantOf(row.created_at))}</dd>
      </div>
      {row.closed_at !== null ? (
        <div>
          <dt>{t("details.closed")}</dt>
          <dd title={row.closed_at}>{times.full(instantOf(row.closed_at))}</dd>
        </div>
      ) : (
        <div>
          <dt>{t("details.activity")}</dt>
          <dd title={row.activity_at}>
            {row.last_message_at === null
              ? t("details.activity.none")
              : times.relative(instantOf(row.last_message_at), now)}
          </dd>
        </div>
      )}
      <div>
        <dt>{t("details.messages")}</dt>
        <dd>{row.message_count}</dd>
      </div>
    </dl>
  );
}
