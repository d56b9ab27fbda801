import { Link } from "@remix-run/react";
import type { Rejection } from "@fio/contracts";
import { customerOf } from "../names/customer.ts";
import { useRow } from "../store/context.tsx";
import { receiptMilliseconds } from "@fio/contracts/receipts";
import { useTranslation } from "../i18n/context.tsx";
import { conversationPath } from "../names/paths.ts";
import { isBlank } from "../text/blank.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { Avatar, HandleText } from "../ui/avatar.tsx";
import type { Acted } from "./see-to.ts";
import type { ShownRejection } from "./shown-rejections.ts";
import { TechnicalDetails } from "./technical-details.tsx";
import { WaysOn } from "./ways-on.tsx";
import { WhatBecame } from "./what-became.tsx";

const HOUR = 60 * 60_000;
/** Of a longer text as much is shown at first. */
const SHOWN_UNITS = 600;

/** One message that was left out: whose, when, its text, and what can be done about it. */
export function LeftOut({
  row: { rejection, left },
  open,
  onToggle,
  done,
}: {
  row: ShownRejection;
  /** Its technical details are unfolded. */
  open: boolean;
  onToggle: (receipt: string) => void;
  done: (acted: Acted, focused: boolean) => void;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const { event, reason, receipt, conversation_id } = rejection;
  const handle = customerOf(conversation_id, useRow(conversation_id)?.contact);
  const came = receiptMilliseconds(receipt);
  return (
    <li className={left ? "left-out is-left" : "left-out"}>
      <div className="lo-head">
        <Link className="conv" to={conversationPath(conversation_id)}>
          <Avatar handle={handle} small />
          <HandleText handle={handle} />
        </Link>
        <time dateTime={new Date(came).toISOString()} title={times.full(came)}>
          {now - came < HOUR ? `${times.ago(came, now)}, ${times.clock(came)}` : times.relative(came, now)}
        </time>
      </div>
      <p className="lo-why">
        <strong>{t(`reason.${reason}`)}.</strong> <span>{t(`reason.${reason}.help`)}</span>
      </p>
      {rejection.delivery?.state === "delivered" && (
        <p className="lo-why">
          <strong>{t("thread.afterClose.left")}.</strong>
        </p>
      )}
      <What event={event} />
      <div className="lo-foot">
        {left ? <WhatBecame rejection={rejection} /> : <WaysOn rejection={rejection} done={done} />}
      </div>
      <TechnicalDetails rejection={rejection} open={open} onToggle={() => onToggle(receipt)} />
    </li>
  );
}

const WORDS = {
  NEW_CONVERSATION: "event.start",
  CLOSE_CONVERSATION: "event.close",
  MESSAGE_STATUS: "event.phone",
  ASSIGN_CONVERSATION: "event.assignment",
  RESOLVE_REJECTION: "event.RESOLVE_REJECTION",
} as const;

/** The text of a message, as it was written; of another event what it was. */
export function What({ event }: { event: Rejection["event"] }) {
  const { t } = useTranslation();
  const text = event.data["content"];
  if (text === undefined) {
    return <p className="lo-what">{t(WORDS[event.type as keyof typeof WORDS])}</p>;
  }
  if (isBlank(text)) {
    return (
      <blockquote>
        <span className="blank-text">{t("message.blank")}</span>
      </blockquote>
    );
  }
  const ours = event.data["direction"] === "SENT";
  return (
    <>
      {ours && <p className="lo-what">{t("event.SENT")}</p>}
      {text.length <= SHOWN_UNITS ? (
        <blockquote dir="auto">{text}</blockquote>
      ) : (
        <details className="lo-long">
          <summary>
            <span className="beginning" dir="auto">
              {beginningOf(text)}
            </span>
            <span className="btn sm quiet">{t("thread.more")}</span>
          </summary>
          <blockquote dir="auto">{text}</blockquote>
        </details>
      )}
    </>
  );
}

/** Never cut inside a pair. */
const beginningOf = (text: string): string =>
  `${text.slice(0, SHOWN_UNITS).replace(/[\uD800-\uDBFF]$/, "")}…`;
