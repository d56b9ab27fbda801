import { Link } from "@remix-run/react";
import { Check, Clock } from "lucide-react";
import type { FailedDelivery } from "@fio/contracts";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { customerOf } from "../../names/customer.ts";
import { conversationPath } from "../../names/paths.ts";
import { useRow } from "../../store/context.tsx";
import { isBlank } from "../../text/blank.ts";
import { useNow, useTimes } from "../../time/context.tsx";
import { Avatar, HandleText } from "../../ui/avatar.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useActProgress, type FailedAct } from "./act-on-failed.ts";
import { FailedButton } from "./failed-button.tsx";
import { whyNotSent } from "./why.ts";
import { UNDELIVERED_WORDS } from "./words.ts";

const ACTS: readonly FailedAct[] = ["again", "seen"];

/** One answer that did not go out: to whom, when it was given up, why, its text, and what can be done about it. */
export function FailedRow({
  failed: { message_id: id, conversation_id: conversation, content, author, failed_at, delivery },
  done,
}: {
  failed: FailedDelivery;
  /** Called when something came of it; `focused`: the focus was on its button. */
  done: (act: FailedAct, focused: boolean) => void;
}) {
  const { t } = useTranslation();
  const say = useWords(UNDELIVERED_WORDS);
  const times = useTimes();
  const now = useNow();
  const handle = customerOf(conversation, useRow(conversation)?.contact);
  const came = useActProgress({ id, version: delivery.version })?.came ?? null;
  const isGone = came !== null && came.kind !== "failed";
  const at = Date.parse(failed_at);
  return (
    <li className={isGone ? "left-out is-left" : "left-out"}>
      <div className="lo-head">
        <Link className="conv" to={conversationPath(conversation, { message: id })}>
          <Avatar handle={handle} small />
          <HandleText handle={handle} />
        </Link>
        <time dateTime={failed_at} title={times.full(at)}>
          {times.relative(at, now)}
        </time>
      </div>
      <p className="lo-why">
        <strong>{t("phone.NOT_SENT")}.</strong> <bdi>{whyNotSent(delivery, say)}</bdi>
      </p>
      {author !== undefined && (
        <p className="lo-what">
          <bdi>{say("by", { name: author.name })}</bdi>
        </p>
      )}
      <blockquote dir="auto">
        {isBlank(content) ? <span className="blank-text">{t("message.blank")}</span> : content}
      </blockquote>
      <div className="lo-foot">
        {isGone ? (
          <span className="done">
            <Icon of={came.kind === "seen" ? Check : Clock} />
            {came.kind === "seen"
              ? t("rejections.seen.done")
              : say(came.kind === "waiting" ? "asked" : "others")}
          </span>
        ) : (
          <div className="ways">
            {ACTS.map((act) => (
              <FailedButton key={act} {...{ act, id, conversation, delivery, done }} />
            ))}
          </div>
        )}
      </div>
    </li>
  );
}
