import { memo } from "react";
import { ArrowDownLeft, ArrowUpRight, Lock } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { ConversationRow } from "@fio/contracts";
import { useDraft } from "../device/drafts.ts";
import { useIsUnread } from "../device/seen.ts";
import { customerOf } from "../names/customer.ts";
import { isLate, type Filter } from "../store/list.ts";
import { useUnsentCount } from "../outbox/use-outbox.ts";
import { useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { InstantLink } from "../ui/instant-link.tsx";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import { FailIcon, Icon } from "../ui/icons.tsx";
import { PREVIEW_UNITS } from "@fio/contracts/limits";
import { isBlank, lineOf } from "../text/blank.ts";
import { oneLine } from "../text/one-line.ts";

/** A conversation in the list. */
export const Row = memo(function Row({
  row,
  to,
  selected,
  filter,
  gone,
  now,
}: {
  row: ConversationRow;
  to: string;
  selected: boolean;
  filter: Filter;
  /** It is in this list no longer, and keeps its place as long as the reader points at it. */
  gone: boolean;
  now: number;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const unread = useIsUnread(row) && !selected;
  const unsent = useUnsentCount(row.id);
  const draft = useDraft(row.id);
  const handle = customerOf(row.id, row.contact);
  const since = filter === "waiting" ? row.waiting_since : null;
  const at = since ?? row.activity_at;
  // Lists that mix open and closed ones say which is which.
  const showState = filter === "all" || filter === "waiting" || gone;
  return (
    <InstantLink
      className={`row ${unread ? "unread" : ""} ${gone ? "gone" : ""}`}
      to={to}
      data-id={row.id}
      {...(selected ? { "aria-current": "true" as const } : {})}
    >
      <Avatar handle={handle} />
      <span className="row-top">
        <HandleText handle={handle} />
        <time dateTime={at} title={times.full(instantOf(at))}>
          {since === null ? times.short(instantOf(at), now) : times.waited(instantOf(since), now)}
        </time>
      </span>
      <span className="row-bottom">
        {unsent > 0 && (
          <span className="refused-tag">
            <FailIcon />
            {t("row.unsent", { count: unsent })}
          </span>
        )}
        {!isBlank(draft) && !selected ? (
          <>
            <span className="draft">{t("row.draft")}</span>
            <span className="preview">
              <bdi>{oneLine(draft.slice(0, 200))}</bdi>
            </span>
          </>
        ) : isLate(row) ? (
          <span className="late-tag">{t("row.late")}</span>
        ) : (
          <Preview row={row} />
        )}
        {gone && filter === "waiting" && row.state === "OPEN" && (
          <span className="gone-tag">{t("row.answered")}</span>
        )}
        {row.assigned_to !== undefined && (
          <bdi className="holder" title={row.assigned_to.name}>
            <span className="sr">{t("row.holder")}</span>
            {row.assigned_to.name}
          </bdi>
        )}
        {unread && (
          <span className="unread-mark">
            <span className="sr">, {t("row.unread")}</span>
          </span>
        )}
        {showState && row.state === "CLOSED" && (
          <>
            <Icon of={Lock} className="closed-i" />
            <span className="sr">{t("row.closed")}</span>
          </>
        )}
      </span>
    </InstantLink>
  );
});

function Preview({ row }: { row: ConversationRow }) {
  const { t } = useTranslation();
  if (row.last_message_preview === null) return <span className="preview none">{t("list.none")}</span>;
  const received = row.last_message_direction === "RECEIVED";
  const line = lineOf(row.last_message_preview, { cutAt: PREVIEW_UNITS });
  return (
    <>
      <Icon of={received ? ArrowDownLeft : ArrowUpRight} className={received ? "dir in" : "dir out"} />
      <span className="sr">{t(received ? "row.received" : "row.sent")}</span>
      <span className="preview">
        {line === null ? <span className="blank-text">{t("message.blank")}</span> : <bdi>{line}</bdi>}
      </span>
    </>
  );
}
