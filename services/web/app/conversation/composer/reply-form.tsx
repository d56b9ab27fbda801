import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { FlaskConical, SendHorizontal } from "lucide-react";
import { isAlive, takeEarly } from "../../device/first-paint.ts";
import { useTranslation } from "../../i18n/context.tsx";
import { isSendable } from "../../outbox/limits.ts";
import { draftOf, keepDraft, useDraft } from "../../device/drafts.ts";
import { command, useCommand } from "../../keys/commands.ts";
import { OVER } from "../../keys/focus-before.ts";
import { KeyCaps, useKeyTitle } from "../../keys/key-caps.tsx";
import { isBlank } from "../../text/blank.ts";
import { ComposerField } from "./composer-field.tsx";
import { SendButton, useCounter } from "./composer-parts.tsx";
import { EmojiButton } from "../emoji/emoji-button.tsx";
import { useReady } from "../ready/use-ready.tsx";
import { Icon } from "../../ui/icons.tsx";
import { useRefuseFiles } from "./refused-files.ts";
import { focusReply, mountReply } from "./reply-focus.ts";
import { tidied } from "./reply-text.ts";

/** The id of the form in which an answer is written. */
export const FORM = "reply-form";

/**
 * Answers the customer. What stands in it is the draft of exactly this conversation, at each key: it outlives the field,
 * the page and the tab.
 */
export function ReplyForm({
  id,
  name,
  label,
  placeholder,
  initial,
  send,
  describedBy,
  sends = true,
  asks,
  back = null,
  simulate,
  focused,
}: {
  id: string;
  /** What the customer is shown as; a ready answer may greet by it. */
  /** The customer's; `null` where it is not known. */
  name: string | null;
  label: string;
  placeholder: string;
  initial: string;
  /** False when it is not sent: then it stays. */
  send: (text: string) => boolean;
  /** The id of what is said of writing to the customer now. */
  describedBy?: string | undefined;
  /** False where nothing can be sent any more: nothing offers to. */
  sends?: boolean;
  /** True where something is to be said before it is sent. */
  asks?: () => boolean;
  /** Takes back what was said so; `null` where nothing was. */
  back?: (() => void) | null;
  simulate: (() => void) | null;
  focused?: (is: boolean) => void;
}) {
  const { t } = useTranslation();
  const title = useKeyTitle();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = useDraft(id, initial);
  const refuseFiles = useRefuseFiles();
  const write = useCallback((next: string): void => keepDraft(id, next), [id]);
  const { over, hint } = useCounter(text);

  const sendText = (written: string): boolean => {
    const text = tidied(written);
    return isSendable(text) && send(text);
  };
  const ready = useReady({ field, text, name });
  const submit = (): boolean => {
    // Read where it stands: the last key may not be drawn yet.
    const written = field.current?.value ?? "";
    if (isBlank(written) || ready.isOpenAt() || asks?.() === true) return false;
    // The draft goes first, for sending may open another conversation.
    write("");
    const sent = sendText(written);
    if (!sent) write(written);
    field.current?.focus();
    return sent;
  };
  useCommand("sendAndNext", () => {
    // An empty field goes on to the next one all the same.
    if (!isBlank(field.current?.value ?? "") && !submit()) return;
    command("longest");
    focusReply();
  });
  const latest = useRef(sendText);
  latest.current = sendText;

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    return mountReply({
      id,
      element,
      send: (written) => {
        if (!latest.current(written)) keepDraft(id, [written, draftOf(id)].filter(Boolean).join("\n"));
      },
    });
  }, [id]);
  // What was typed before the page was alive stands below what this device kept. Later a field begins with the draft.
  useEffect(() => {
    if (field.current === null || isAlive()) return;
    const early = takeEarly(field.current);
    const kept = draftOf(id);
    if (early.entered && isSendable(early.text)) latest.current(early.text);
    else if (early.text !== "" && early.text !== kept)
      write(kept === "" ? early.text : `${kept}\n${early.text}`);
    if (field.current.value !== draftOf(id)) field.current.value = draftOf(id);
  }, [id, write]);

  return (
    <>
      {ready.above}
      <form
        className="composer"
        id={FORM}
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onFocus={() => focused?.(true)}
        onBlur={({ currentTarget, relatedTarget }) => {
          // Another window, and what opens over the page, give the focus back.
          const comesBack =
            currentTarget.contains(document.activeElement) || relatedTarget?.closest(OVER) != null;
          if (!comesBack) focused?.(false);
        }}
      >
        <input type="hidden" name="intent" value="send" />
        <label className="sr" htmlFor="reply">
          {label}
        </label>
        <ComposerField
          field={field}
          id="reply"
          text={text}
          write={write}
          send={() => void submit()}
          invalid={over}
          describedBy={describedBy}
          placeholder={placeholder}
          escape={back ?? (() => field.current?.blur())}
          refuseFiles={refuseFiles}
          takes={ready.takes}
        />
        {sends && (
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
            {ready.button}
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
        )}
      </form>
    </>
  );
}
