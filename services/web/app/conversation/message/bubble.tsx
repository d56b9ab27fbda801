import { receiptMilliseconds } from "@fio/contracts/receipts";
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { FlaskConical, History } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { isSimulatedByUs } from "../../outbox/simulated.ts";
import type { Shown } from "../thread-items.ts";
import { isBlank } from "../../text/blank.ts";
import { FOLD_LINES, isJumbo, longText, piecesOf, withoutEdges, type Piece } from "./message-text.ts";
import { useTimes } from "../../time/context.tsx";
import { instantOf } from "../../time/times.ts";
import { Icon } from "../../ui/icons.tsx";
import { onDemand } from "../../ui/on-demand.tsx";
import { MediaBox } from "./media-box.tsx";
import { Fault, SentState, SentWords } from "./sent-state.tsx";
import { isFault, wayOf } from "./way.ts";

const NotDelivered = onDemand(() => import("./not-delivered.tsx"));

/** How long a late message is marked. */
const MARK_MS = 2_400;
/** A message written this long before it arrived is called late. */
const LATE_MS = 1_000;

/** One message, with its time and outcome. */
export const Bubble = memo(function Bubble({
  message,
  conversation,
  start,
  unfolded,
  words,
  waiting,
}: {
  message: Shown;
  conversation: string;
  /** The first of its group. */
  start: boolean;
  /** However long it is. */
  unfolded: boolean;
  words: boolean;
  waiting: number;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const { entry } = message;
  const way = message.direction === "SENT" ? wayOf(message.state, message.delivery) : null;
  const simulated = message.direction === "RECEIVED" && isSimulatedByUs(message.id);
  const marked = useMark(message.arrival?.late === true);
  const bad =
    entry !== null && (entry.state === "unsent" || entry.state === "refused" || entry.state === "invalid");
  const jumbo = isJumbo(message.content);
  const instant = instantOf(message.place);
  const classes = [
    "msg",
    message.direction === "SENT" ? "out" : "in",
    start && "start",
    jumbo && "jumbo",
    marked && "late",
    simulated && "sim",
    bad && "bad",
  ];
  const label = simulated
    ? t("thread.customer.simulated")
    : t(message.direction === "SENT" ? "thread.sent" : "thread.customer");
  return (
    <li className={classes.filter(Boolean).join(" ")} id={`m-${message.id}`} data-message={message.id}>
      <div className="bubble" dir="auto">
        <bdi className="sr">{label}</bdi>
        {message.media && <MediaBox media={message.media} source={`/media/${message.id}`} />}
        <MessageBody key={String(unfolded)} text={message.content} unfolded={unfolded} />
        <span className="meta" dir="ltr" title={message.timestamp}>
          {simulated && <Icon of={FlaskConical} />}
          {message.author !== undefined && <bdi className="by">{message.author.name}</bdi>}
          {message.byPhone === true && <span className="by">{t("thread.byPhone")}</span>}
          <time dateTime={message.place}>{times.clock(instant)}</time>
          {message.direction === "SENT" && <SentState state={entry?.state ?? "applied"} way={way} />}
        </span>
      </div>
      {message.arrival?.late === true && message.receipt !== null && (
        <LateNote instant={instant} came={receiptMilliseconds(message.receipt)} />
      )}
      {simulated && (
        <p className="note sim-note">
          <Icon of={FlaskConical} />
          {t("thread.simulatedByYou")}
        </p>
      )}
      {way !== null && (isFault(way) || message.delivery?.by_hand === true) && (
        <NotDelivered
          message={message}
          way={way}
          conversation={conversation}
          meanwhile={<p className="note not-delivered">{t(`phone.${way}`)}</p>}
        />
      )}
      {entry !== null && words && !bad && <SentWords entry={entry} waiting={waiting} />}
      {entry !== null && bad && <Fault entry={entry} />}
    </li>
  );
});

function LateNote({ instant, came }: { instant: number; came: number }) {
  const { t } = useTranslation();
  const times = useTimes();
  if (came - instant < LATE_MS) return null;
  return (
    <p className="note late-note">
      <Icon of={History} />
      {t("thread.late", { time: times.clock(came), delay: times.duration(came - instant) })}
    </p>
  );
}

/** True for a while after a late message was first drawn. */
function useMark(late: boolean): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!late) return;
    const timer = setTimeout(() => setOver(true), MARK_MS);
    return () => clearTimeout(timer);
  }, [late]);
  return late && !over;
}

/** The text as it was written, between its edges; over ten lines it is folded to seven. */
export function MessageBody({ text: sent, unfolded = false }: { text: string; unfolded?: boolean }) {
  const { t } = useTranslation();
  const text = withoutEdges(sent);
  const guess = longText(text);
  const [open, setOpen] = useState(unfolded);
  const [long, setLong] = useState(guess === "certain");
  const body = useRef<HTMLDivElement>(null);
  useLayoutEffectInBrowser(() => {
    const element = body.current;
    if (guess === "no" || element === null) return;
    const line = Number.parseFloat(getComputedStyle(element).lineHeight);
    // Unfolded it is inline, and has no height to scroll.
    const height = Math.max(element.scrollHeight, element.getBoundingClientRect().height);
    setLong(height > line * (FOLD_LINES + 0.5));
  }, [guess]);
  const pieces = useMemo(() => piecesOf(text), [text]);
  const folded = long && !open;
  if (isBlank(sent)) return <div className="body blank-text">{t("message.blank")}</div>;
  return (
    <>
      <div className={folded ? "body clamp" : "body"} ref={body}>
        <Pieces of={pieces} />
      </div>
      {long && (
        <button className="more-text" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "thread.less" : "thread.more")}{" "}
          <span>{t("thread.characters", { count: sent.length })}</span>
        </button>
      )}
    </>
  );
}

const ELEMENTS = { bold: "strong", italic: "em", strike: "s" } as const;

function Pieces({ of }: { of: readonly Piece[] }) {
  return of.map((piece, index) => {
    switch (piece.kind) {
      case "text":
        return piece.text;
      case "mono":
        return <code key={index}>{piece.text}</code>;
      case "link":
        return (
          <a key={index} href={piece.href} target="_blank" rel="noreferrer noopener nofollow">
            {piece.text}
          </a>
        );
      default: {
        const Element = ELEMENTS[piece.kind];
        return (
          <Element key={index}>
            <Pieces of={piece.pieces} />
          </Element>
        );
      }
    }
  });
}

const useLayoutEffectInBrowser = typeof window === "undefined" ? useEffect : useLayoutEffect;
