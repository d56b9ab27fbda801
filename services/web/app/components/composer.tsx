import { useEffect, useRef, useState } from "react";
import { useActionData } from "@remix-run/react";
import { ArrowDownLeft, FlaskConical, SendHorizontal, WifiOff } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { COUNT_FROM, MAX_CONTENT_UNITS } from "../limits.ts";
import { draftOf, keepDraft } from "../live/drafts.ts";
import type { Thread } from "../live/thread.ts";
import { handleOf } from "../names/handle.ts";
import { randomId } from "../names/id.ts";
import { outboxHere, stampHere } from "../sending/outbox-here.ts";
import { markSimulated } from "../sending/simulated.ts";
import type { ConversationAction } from "../routes/_shell._inbox.conversations.$id.tsx";
import { onCommand } from "./commands.ts";
import { ComposerField } from "./composer-field.tsx";
import { Icon } from "./icons.tsx";
import { useOnline } from "./online.ts";
import { takesFocus } from "./wanted-focus.ts";
import { useSimulator } from "./simulator.ts";

/** The field to answer in, or, unmistakably otherwise, to write as the customer. */
export function Composer({
  thread,
  simulating,
  setSimulating,
}: {
  thread: Thread;
  simulating: boolean;
  setSimulating: (on: boolean) => void;
}) {
  const { t } = useTranslation();
  const online = useOnline();
  const simulator = useSimulator();
  const answer = useActionData<ConversationAction>();
  const failed = answer?.intent === "send" ? answer : null;
  useEffect(
    () => (simulator ? onCommand("simulate", () => setSimulating(true)) : undefined),
    [simulator, setSimulating],
  );
  return (
    <>
      {!online && (
        <p className="banner" role="status">
          <Icon of={WifiOff} />
          <span>
            <strong>{t("composer.offline")}</strong> {t("composer.offline.hint")}
          </span>
        </p>
      )}
      {failed !== null && (
        <p className="banner" role="alert">
          <span>
            <strong>{t("state.unsent")}:</strong> {t(failed.reason)}
          </span>
        </p>
      )}
      {simulating ? (
        <SimulateForm key="simulate" thread={thread} stop={() => setSimulating(false)} />
      ) : (
        <ReplyForm
          key="reply"
          thread={thread}
          initial={failed?.text ?? ""}
          simulate={simulator ? () => setSimulating(true) : null}
        />
      )}
    </>
  );
}

function ReplyForm({
  thread,
  initial,
  simulate,
}: {
  thread: Thread;
  initial: string;
  simulate: (() => void) | null;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(initial);
  const id = thread.id;
  // The draft is of this device: it comes once the page is alive.
  useEffect(() => setText((shown) => (shown === "" ? draftOf(id) : shown)), [id]);
  useEffect(() => onCommand("reply", () => field.current?.focus()), []);
  useEffect(() => {
    if (takesFocus()) field.current?.focus();
  }, []);
  const write = (next: string): void => {
    setText(next);
    keepDraft(id, next);
  };
  const { over, hint } = useCounter(text);
  const send = (): void => {
    if (text.trim() === "" || over) return;
    sendMessage({ conversation: id, text, direction: "SENT" });
    write("");
    field.current?.focus();
  };
  const empty = thread.row.message_count === 0;
  return (
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
        send={send}
        invalid={over}
        placeholder={t(empty ? "composer.first" : "composer.placeholder")}
        escape={() => field.current?.blur()}
      />
      <div className="bar">
        {simulate !== null && (
          <button
            className="btn sm quiet sim-on"
            type="button"
            title={`${t("simulate.start")} (S)`}
            onClick={simulate}
          >
            <Icon of={FlaskConical} />
            <span>{t("simulate.start")}</span>
          </button>
        )}
        {hint ?? (
          <span className="hint">
            <kbd>Enter</kbd> {t("composer.enter")} <span className="sep">·</span> <kbd>Shift</kbd>
            <kbd>Enter</kbd> {t("composer.shiftEnter")}
          </span>
        )}
        <SendButton disabled={text.trim() === "" || over}>
          <span>{t("composer.send")}</span>
          <Icon of={SendHorizontal} />
        </SendButton>
      </div>
    </form>
  );
}

function SimulateForm({ thread, stop }: { thread: Thread; stop: () => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const { over, hint } = useCounter(text);
  useEffect(() => field.current?.focus(), []);
  const send = (): void => {
    if (text.trim() === "" || over) return;
    sendMessage({ conversation: thread.id, text, direction: "RECEIVED" });
    setText("");
    field.current?.focus();
  };
  return (
    <form
      className="composer sim"
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className="sim-head">
        <Icon of={FlaskConical} />
        <strong>{t("simulate.title")}</strong>
        <span className="long">{t("simulate.hint")}</span>
        <button className="btn sm quiet" type="button" onClick={stop}>
          {t("simulate.stop")}
          <kbd>Esc</kbd>
        </button>
      </p>
      <label className="sr" htmlFor="simulate">
        {t("simulate.label")}
      </label>
      <ComposerField
        field={field}
        id="simulate"
        text={text}
        write={setText}
        send={send}
        invalid={over}
        placeholder={t("simulate.placeholder")}
        escape={stop}
      />
      <div className="bar">
        {hint ?? (
          <span className="hint">
            <kbd>Enter</kbd> {t("simulate.enter")}
          </span>
        )}
        <SendButton disabled={text.trim() === "" || over}>
          <Icon of={ArrowDownLeft} />
          <span>{t("simulate.send")}</span>
        </SendButton>
      </div>
    </form>
  );
}

function sendMessage({
  conversation,
  text,
  direction,
}: {
  conversation: string;
  text: string;
  direction: "SENT" | "RECEIVED";
}): void {
  const id = randomId();
  if (direction === "RECEIVED") markSimulated(id);
  outboxHere().add({
    type: "NEW_MESSAGE",
    timestamp: stampHere(),
    // A lone surrogate cannot be stored; what a broken input method leaves of one becomes a replacement character.
    data: {
      id,
      direction,
      content: text.toWellFormed().replaceAll("\u0000", ""),
      conversation_id: conversation,
    },
  });
}

/** Before any script runs the button must work: it is disabled only once the page is alive. */
function SendButton({ disabled, children }: { disabled: boolean; children: React.ReactNode }) {
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  return (
    <button className="btn solid send" type="submit" disabled={alive && disabled}>
      {children}
    </button>
  );
}

function useCounter(text: string): { over: boolean; hint: React.ReactNode } {
  const { t, language } = useTranslation();
  const left = MAX_CONTENT_UNITS - text.length;
  const shown = Math.abs(left).toLocaleString(language);
  if (left >= COUNT_FROM) return { over: false, hint: null };
  const over = left < 0;
  return {
    over,
    hint: (
      <span className={over ? "hint over" : "hint left"} id="left" role="status">
        {t(over ? "composer.over" : "composer.left", { count: Math.abs(left), shown })}
      </span>
    ),
  };
}
