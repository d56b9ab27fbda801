import { useEffect, useRef, useState } from "react";
import { ArrowDownLeft, FlaskConical } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { isSendable } from "../../outbox/limits.ts";
import { sendMessage } from "../../outbox/send-message.ts";
import { KeyCaps } from "../../keys/key-caps.tsx";
import { ComposerField } from "./composer-field.tsx";
import { SendButton, useCounter } from "./composer-parts.tsx";
import { useRefuseFiles } from "./refused-files.ts";
import { Icon } from "../../ui/icons.tsx";

/** Writes as the customer. */
export function SimulateForm({ id, stop }: { id: string; stop: () => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const refuseFiles = useRefuseFiles();
  const { over, hint } = useCounter(text);
  useEffect(() => field.current?.focus(), []);
  const send = (): void => {
    if (!isSendable(text)) return;
    sendMessage({ conversation: id, text, direction: "RECEIVED" });
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
          <KeyCaps of="leave" />
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
        refuseFiles={refuseFiles}
      />
      <div className="bar">
        {hint ?? (
          <span className="hint">
            <KeyCaps of="send" /> {t("simulate.enter")}
          </span>
        )}
        <SendButton disabled={!isSendable(text)}>
          <Icon of={ArrowDownLeft} />
          <span>{t("simulate.send")}</span>
        </SendButton>
      </div>
    </form>
  );
}
