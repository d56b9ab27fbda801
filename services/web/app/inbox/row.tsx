import { memo } from "react";
import { Link } from "@remix-run/react";
import { ArrowDownLeft, ArrowUpRight, Lock } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { ConversationRow } from "@fio/contracts";
import { useDraft } from "../device/drafts.ts";
import { useUnread } from "../device/use-seen.ts";
import { handleOf } from "@fio/contracts/handle";
import { useUnsentCount } from "../outbox/use-outbox.ts";
import { useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import { FailIcon, Icon } from "../ui/icons.tsx";
import { PREVIEW_UNITS } from "@fio/contracts/limits";
import { lineOf } from "../text/blank.ts";
import { oneLine } from "../text/one-line.ts";

/** A conversation in the list. */
export const Row = memo(function Row({
  row,
  to,
  selected,
  showState,
  now,
}: {
  row: ConversationRow;
  to: string;
  selected: boolean;
  /** In lists that mix open and closed ones. */
  showState: boolean;
  now: number;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const unread = useUnread(row);
  const unsent = useUnsentCount(row.id);
  const draft = useDraft(row.id);
  const handle = handleOf(row.id);
  const { activity_at: activity } = row;
  return (
    <Link
      className={`row ${unread > 0 && !selected ? "unread" : ""}`}
      to={to}
      data-id={row.id}
      {...(selected ? { "aria-current": "true" as const } : {})}
    >
      <Avatar handle={handle} />
      <span className="row-top">
        <HandleText handle={handle} />
        <time dateTime={activity} title={activity}>
          {times.short(instantOf(activity), now)}
        </time>
      </span>
      <span className="row-bottom">
        {unsent > 0 && (
          <span className="refused-tag">
            <FailIcon />
            {t("row.unsent", { count: unsent })}
          </span>
        )}
        {draft !== "" && !selected ? (
          <>
            <span className="draft">{t("row.draft")}</span>
            <span className="preview">
              <bdi>{oneLine(draft.slice(0, 200))}</bdi>
            </span>
          </>
        ) : (
          <Preview row={row} />
        )}
        {unread > 0 && !selected && (
          <span className="count">
            <span className="sr">, </span>
            <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
            <span className="sr">{t("row.unread", { count: unread })}</span>
          </span>
        )}
        {showState && row.state === "CLOSED" && (
          <>
            <Icon of={Lock} className="closed-i" />
            <span className="sr">{t("row.closed")}</span>
          </>
        )}
      </span>
    </Link>
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
