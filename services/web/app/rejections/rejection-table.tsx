import { receiptMilliseconds } from "@fio/contracts/receipts";
import { Fragment, useRef, type RefObject } from "react";
import { Link } from "@remix-run/react";
import { ChevronRight, Copy } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { Rejection } from "@fio/contracts";
import { handleOf } from "@fio/contracts/handle";
import { useNow, useTimes } from "../time/context.tsx";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { isBlank } from "../text/blank.ts";
import { oneLine } from "../text/one-line.ts";
import type { ShownRejection } from "./shown-rejections.ts";
import { WayOn } from "./way-on.tsx";
import { WhatBecame } from "./what-became.tsx";

/** One line for each refusal; the whole event on demand. In a narrow pane the lines are cards. */
export function RejectionTable({
  rows,
  open,
  scroller,
  onToggle,
  onPointer,
  children,
}: {
  rows: readonly ShownRejection[];
  /** Receipts of what is expanded. */
  open: ReadonlySet<string>;
  scroller: RefObject<HTMLDivElement>;
  onToggle: (receipt: string) => void;
  /** A mouse pointer entered or left; touch does not count. */
  onPointer: (inside: boolean) => void;
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div
      className="table-wrap"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={t("rejections.table")}
      onPointerEnter={({ pointerType }) => pointerType !== "touch" && onPointer(true)}
      onPointerLeave={() => onPointer(false)}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{t("rejections.reason")}</th>
            <th scope="col">{t("rejections.event")}</th>
            <th scope="col">{t("rejections.conversation")}</th>
            <th scope="col">{t("rejections.when")}</th>
            <th scope="col">
              <span className="sr">{t("rejections.action")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <RejectionRow
              key={row.rejection.receipt}
              row={row}
              open={open.has(row.rejection.receipt)}
              onToggle={onToggle}
            />
          ))}
        </tbody>
      </table>
      {children}
    </div>
  );
}

function RejectionRow({
  row: { rejection, left },
  open,
  onToggle,
}: {
  row: ShownRejection;
  open: boolean;
  onToggle: (receipt: string) => void;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const focused = useRef(false);
  const { event, reason, receipt } = rejection;
  const handle = handleOf(rejection.conversation_id);
  const came = receiptMilliseconds(receipt);
  const text = event.data["content"];
  return (
    <Fragment>
      <tr className={`${open ? "is-open" : ""} ${left ? "is-left" : ""}`.trim()}>
        <td className="c-why">
          <div>
            <button
              className="btn icon quiet sm"
              type="button"
              aria-expanded={open}
              aria-label={t(open ? "rejections.hide" : "rejections.show")}
              onClick={() => onToggle(receipt)}
            >
              <Icon of={ChevronRight} className="twist" />
            </button>
            <div>
              <strong>{t(`reason.${reason}`)}</strong>
              <span className="sub">{t(`reason.${reason}.help`)}</span>
            </div>
          </div>
        </td>
        <td className="c-ev">
          <span className="ev-type">
            {event.type === "NEW_MESSAGE"
              ? t(event.data["direction"] === "SENT" ? "event.SENT" : "event.RECEIVED")
              : t(event.type === "NEW_CONVERSATION" ? "event.start" : "event.close")}
          </span>
          {text !== undefined && (
            <span className="sub one">
              {isBlank(text) ? (
                <span className="blank-text">{t("message.blank")}</span>
              ) : (
                <bdi>{oneLine(text.slice(0, 300))}</bdi>
              )}
            </span>
          )}
        </td>
        <td className="c-conv">
          <Link className="conv" to={`/conversations/${rejection.conversation_id}`}>
            <Avatar handle={handle} small />
            <HandleText handle={handle} />
          </Link>
        </td>
        <td className="c-when">
          <time dateTime={new Date(came).toISOString()} title={receipt}>
            {times.ago(came, now)}
            <span className="sub">{times.clockSeconds(came)}</span>
          </time>
        </td>
        <td
          className="c-act"
          onFocus={() => (focused.current = true)}
          onBlur={() => (focused.current = false)}
        >
          {left ? (
            <WhatBecame rejection={rejection} focus={focused.current} />
          ) : (
            <WayOn rejection={rejection} quiet />
          )}
        </td>
      </tr>
      {open && (
        <tr className="raw">
          <td colSpan={5}>
            <Whole rejection={rejection} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Whole({ rejection: { reason, receipt, detail, event } }: { rejection: Rejection }) {
  const { t } = useTranslation();
  const text = JSON.stringify(event, null, 2);
  return (
    <div className="raw-in">
      <div>
        <dl className="facts row-facts">
          <div>
            <dt>{t("rejections.reason")}</dt>
            <dd>
              <code>{reason}</code>
            </dd>
          </div>
          <div>
            <dt>{t("rejections.receipt")}</dt>
            <dd>
              <CopyButton
                className="copy-id"
                text={receipt}
                label={t("details.copyReceipt", { receipt })}
                copied={t("details.receiptCopied")}
              >
                <code>{receipt}</code>
                <Icon of={Copy} />
              </CopyButton>
            </dd>
          </div>
          {detail !== undefined && (
            <div>
              <dt>{t("rejections.detail")}</dt>
              <dd>{detail}</dd>
            </div>
          )}
        </dl>
        <CopyButton
          className="btn sm"
          text={text}
          label={t("rejections.copyEvent")}
          copied={t("rejections.eventCopied")}
        >
          <Icon of={Copy} />
          {t("rejections.copyEvent")}
        </CopyButton>
      </div>
      <pre tabIndex={0} aria-label={t("rejections.whole")}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
