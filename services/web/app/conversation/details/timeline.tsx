import { receiptMilliseconds } from "@fio/contracts/receipts";
import { useTranslation } from "../../i18n/context.tsx";
import type { DeliveryStatus, HistoryEntry } from "@fio/contracts";
import type { Entry } from "../../outbox/entry.ts";
import { useOutbox } from "../../outbox/use-outbox.ts";
import { useTimes } from "../../time/context.tsx";
import { instantOf } from "../../time/times.ts";
import type { History } from "./use-history.ts";
import { ReceiptOf } from "../../rejections/technical-details.tsx";
import { useOnline } from "../../device/use-online.ts";
import { insideSentence } from "../../text/one-line.ts";
import { revealMessage } from "../scroll/use-travel.ts";

/** An event written this long before it was accepted is called late. */
const LATE_MS = 60_000;

/** Every event by receipt, newest first; above them events without one yet. */
export function Timeline({ history, conversation }: { history: History; conversation: string }) {
  const { t } = useTranslation();
  const known = new Set(history.entries.map(({ receipt }) => receipt));
  const pending = useOutbox(conversation)
    .filter(({ receipt }) => receipt === null || !known.has(receipt))
    .toReversed();
  return (
    <section className="block">
      <h3>{t("details.timeline")}</h3>
      {history.failed && history.entries.length === 0 && (
        <p className="none" role="alert">
          {t("details.timeline.failed")}{" "}
          <button type="button" className="btn sm quiet" onClick={history.reload}>
            {t("error.retry")}
          </button>
        </p>
      )}
      <ol className="tl">
        {pending.map((entry) => (
          <PendingEvent key={entry.id} entry={entry} />
        ))}
        {history.entries.map((entry) => (
          <Event key={entry.receipt} entry={entry} />
        ))}
      </ol>
      {history.older !== null && (
        <button className="btn quiet sm wide" type="button" onClick={history.loadOlder}>
          {t("details.older")}
        </button>
      )}
    </section>
  );
}

function Event({ entry: { event, receipt, outcome, reason } }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const times = useTimes();
  const came = receiptMilliseconds(receipt);
  const written = instantOf(event.timestamp);
  const late = outcome === "applied" && came - written > LATE_MS;
  const kind = late
    ? "applied late"
    : outcome === "applied"
      ? "applied"
      : outcome === "waiting"
        ? "dup"
        : "refused";
  const title = (
    <span>
      {event.type === "NEW_MESSAGE"
        ? t(event.data["direction"] === "SENT" ? "event.SENT" : "event.RECEIVED")
        : event.type === "MESSAGE_STATUS"
          ? t("event.status", { status: t(`phone.${event.data["status"] as DeliveryStatus}`) })
          : event.type === "ASSIGN_CONVERSATION"
            ? typeof event.data.agent?.name === "string"
              ? t("event.assigned", { name: event.data.agent.name })
              : t("event.given_back")
            : t(`event.${event.type}`)}
    </span>
  );
  const id = event.data["id"];
  const words = reason === undefined ? "" : t(`reason.${reason}`);
  return (
    <li className={`ev ${kind}`}>
      <span className="knot" />
      <p className="ev-top">
        {event.type === "NEW_MESSAGE" && outcome === "applied" && id !== undefined ? (
          <button type="button" className="ev-go" onClick={() => revealMessage(id)}>
            {title}
          </button>
        ) : (
          title
        )}
        <time dateTime={new Date(came).toISOString()}>{times.clockMilliseconds(came)}</time>
      </p>
      <p className="ev-sub">
        {outcome === "applied" && event.type === "NEW_MESSAGE" && (
          <span className="oc ok">{t("event.applied")}</span>
        )}
        {event.data.author !== undefined && <bdi className="oc by">{event.data.author.name}</bdi>}
        {outcome === "waiting" && <span className="oc wait">{t("event.waiting")}</span>}
        {outcome === "rejected" && (
          <span className="oc bad">{t("event.refused", { reason: insideSentence(words) })}</span>
        )}
        {late && (
          <span className="oc late">
            {t("event.late", { time: times.clock(written), delay: times.duration(came - written) })}
          </span>
        )}
      </p>
      <ReceiptOf receipt={receipt} />
    </li>
  );
}

function PendingEvent({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const times = useTimes();
  const online = useOnline();
  const { kind, words } = pendingWords(entry, online);
  return (
    <li className={`ev ${kind}`}>
      <span className="knot" />
      <p className="ev-top">
        <span>{t(entry.event.data.direction === "SENT" ? "event.SENT" : "event.RECEIVED")}</span>
        <time dateTime={entry.event.timestamp}>
          {times.clockMilliseconds(instantOf(entry.event.timestamp))}
        </time>
      </p>
      <p className="ev-sub">
        <span className={kind === "accepted" ? "oc wait" : kind === "sending" ? "oc wait" : "oc bad"}>
          {t(words)}
        </span>
      </p>
      {entry.receipt !== null && <ReceiptOf receipt={entry.receipt} />}
    </li>
  );
}

function pendingWords({ state }: Entry, online: boolean) {
  switch (state) {
    case "queued":
      return { kind: "sending", words: online ? "event.sending" : "state.waiting" } as const;
    case "sending":
      return { kind: "sending", words: "event.sending" } as const;
    case "accepted":
    case "applied":
      return { kind: "accepted", words: "event.accepted" } as const;
    case "unsent":
    case "invalid":
    case "refused":
      return { kind: "refused", words: "event.unsent" } as const;
  }
}
