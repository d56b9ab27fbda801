import { useEffect, useRef } from "react";
import { Check, PenLine } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { useCommand } from "../../keys/commands.ts";
import { useKeyTitle } from "../../keys/key-caps.tsx";
import { FailedButton } from "../../rejections/undelivered/failed-button.tsx";
import { whyNotSent, whyOf } from "../../rejections/undelivered/why.ts";
import { UNDELIVERED_WORDS } from "../../rejections/undelivered/words.ts";
import { useNow, useTimes } from "../../time/context.tsx";
import { Icon } from "../../ui/icons.tsx";
import { toast } from "../../ui/toast.ts";
import { focusReply } from "../composer/reply-focus.ts";
import { addToDraft } from "../composer/reply-text.ts";
import type { Shown } from "../thread-items.ts";
import { NOT_DELIVERED_WORDS } from "./not-delivered-words.ts";
import { isFault, type Way } from "./way.ts";

/**
 * Why a message did not reach the phone, or may not have, and the ways on: it is sent once more as it is, where it has not left;
 * or written again, as a new message, once the agent has looked at it; or it needs nothing more, and is listed no more. Of one that was sent once more, that it was.
 */
export default function NotDelivered({
  message,
  way,
  conversation,
}: {
  message: Shown;
  way: Way;
  conversation: string;
}) {
  const self = useRef<HTMLDivElement>(null);
  const seen = message.delivery?.seen;
  // Where the button that had the focus is gone, the focus stays with the answer.
  const held = useRef(false);
  useEffect(() => {
    if (held.current && document.activeElement === document.body)
      self.current?.focus({ preventScroll: true });
  }, [way, seen]);
  return (
    <div
      className="note not-delivered"
      ref={self}
      tabIndex={-1}
      onFocus={() => {
        held.current = true;
      }}
      onBlur={({ relatedTarget }) => {
        held.current = relatedTarget === null;
      }}
    >
      {isFault(way) ? (
        <Fault message={message} way={way} conversation={conversation} />
      ) : (
        <SentOnceMore message={message} />
      )}
    </div>
  );
}

function Fault({
  message: { id, content, state, delivery },
  way,
  conversation,
}: {
  message: Shown;
  way: Way;
  conversation: string;
}) {
  const { t } = useTranslation();
  const say = useWords(UNDELIVERED_WORDS);
  const sayHere = useWords(NOT_DELIVERED_WORDS);
  const title = useKeyTitle();
  const unsent = way === "NOT_SENT" && delivery !== undefined ? delivery : null;
  const why =
    unsent !== null
      ? whyNotSent(unsent, say)
      : way === "UNKNOWN"
        ? say("unknown")
        : whyOf(state?.detail, say);
  useCommand("writeAgain", () => clickLast("write-again"));
  useCommand("sendAgain", unsent === null ? null : () => clickLast("send-again"));
  const again = (): void => {
    addToDraft(conversation, content);
    focusReply(conversation);
    toast(sayHere("put"), { kind: "note" });
  };
  return (
    <>
      <p>
        <strong>{t(`phone.${way}`)}.</strong> <bdi>{why}</bdi>
      </p>
      <div className="fault-acts">
        {unsent !== null && <FailedButton act="again" {...{ id, conversation, delivery: unsent }} />}
        <button
          className="btn sm quiet write-again"
          type="button"
          title={title(sayHere("again"), "writeAgain")}
          onClick={again}
        >
          <Icon of={PenLine} />
          {sayHere("again")}
        </button>
        {unsent !== null &&
          (unsent.seen === true ? (
            <span className="done">
              <Icon of={Check} />
              {t("rejections.seen.done")}
            </span>
          ) : (
            <FailedButton act="seen" {...{ id, conversation, delivery: unsent }} />
          ))}
      </div>
    </>
  );
}

function SentOnceMore({ message: { delivery } }: { message: Shown }) {
  const say = useWords(UNDELIVERED_WORDS);
  const times = useTimes();
  const now = useNow();
  const left = delivery?.left_at;
  return (
    <p>
      {left === undefined ? say("asked") : say("leftLate", { time: times.relative(Date.parse(left), now) })}
    </p>
  );
}

/** The key means the newest of those that are drawn. */
function clickLast(name: "write-again" | "send-again"): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>(`.not-delivered .${name}`);
  buttons[buttons.length - 1]?.click();
}
