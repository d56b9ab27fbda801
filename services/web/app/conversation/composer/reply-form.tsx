import { useCallback, useEffect, useRef, useState } from "react";
import { FlaskConical, SendHorizontal } from "lucide-react";
import { takeEarly } from "../../device/first-paint.ts";
import { useTranslation } from "../../i18n/context.tsx";
import { isSendable } from "../../outbox/limits.ts";
import { draftOf, keepDraft } from "../../device/drafts.ts";
import type { Thread } from "../../store/thread.ts";
import { handleOf } from "@fio/contracts/handle";
import { sendMessage } from "../../outbox/send-message.ts";
import { command, useCommand } from "../../keys/commands.ts";
import { KeyCaps, useKeyTitle } from "../../keys/key-caps.tsx";
import { ComposerField } from "./composer-field.tsx";
import { SendButton, useCounter } from "./composer-parts.tsx";
import { EmojiButton } from "../emoji/emoji-button.tsx";
import { useReady } from "../ready/use-ready.tsx";
import { Icon } from "../../ui/icons.tsx";
import { takesFocus, wantFocus } from "./wanted-focus.ts";

/** Answers the customer; keeps what is written as a draft. */
export function ReplyForm({
  thread,
  initial,
  simulate,
}: {
  thread: Thread;
  initial: string;
  simulate: (() => void) | null;
}) {
  const { t } = useTranslation();
  const title = useKeyTitle();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(initial);
  const id = thread.id;
  useCommand("reply", () => field.current?.focus());
  useCommand("sendAndNext", () => {
    // An empty field goes on to the next one all the same.
    if (text.trim() !== "" && !send()) return;
    wantFocus("reply");
    command("longest");
  });
  useEffect(() => {
    if (takesFocus()) field.current?.focus();
  }, []);
  const write = useCallback(
    (next: string): void => {
      setText(next);
      keepDraft(id, next);
    },
    [id],
  );
  // The draft is kept on this device: it is filled in once the page is hydrated, unless something was typed before.
  useEffect(() => {
    if (field.current === null) return;
    const early = takeEarly(field.current);
    if (early.entered && isSendable(early.text)) {
      sendMessage({ conversation: id, text: early.text, direction: "SENT" });
      field.current.value = "";
    } else if (early.text === "") setText(draftOf(id));
    else write(early.text);
  }, [id, write]);
  const { over, hint } = useCounter(text);
  const ready = useReady({ field, text, name: handleOf(id).name });
  const send = (): boolean => {
    if (!isSendable(text) || ready.isOpenAt()) return false;
    sendMessage({ conversation: id, text, direction: "SENT" });
    write("");
    field.current?.focus();
    return true;
  };
  const empty = thread.row.message_count === 0;
  return (
    <>
      {ready.above}
      <form
        className="composer"
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <input type="hidden" name="intent" value="send" />
        <label className="sr" htmlFor="reply">
          {t("composer.label", { name: handleOf(id).name })}
        </label>
        <ComposerField
          field={field}
          id="reply"
          text={text}
          write={write}
          send={() => void send()}
          invalid={over}
          placeholder={t(empty ? "composer.first" : "composer.placeholder")}
          escape={() => field.current?.blur()}
          takes={ready.takes}
        />
        <div className="bar">
          {simulate !== null && (
            <button
              className="btn sm quiet sim-on"
              type="button"
              title={title(t("simulate.start"), "simulate")}
              onClick={simulate}
            >
              <Icon of={FlaskConical} />
              <span>{t("simulate.start")}</span>
            </button>
          )}
          <EmojiButton field={field} />
          {hint ?? (
            <span className="hint">
              <KeyCaps of="send" /> {t("composer.enter")} <span className="sep">·</span>{" "}
              <KeyCaps of="sendAndNext" /> {t("composer.enterNext")}
            </span>
          )}
          <SendButton disabled={!isSendable(text)}>
            <span>{t("composer.send")}</span>
            <Icon of={SendHorizontal} />
          </SendButton>
        </div>
      </form>
    </>
  );
}
