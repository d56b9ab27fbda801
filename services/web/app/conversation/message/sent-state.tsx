import { useEffect, useState } from "react";
import { Check, CircleDashed, Clock, RotateCcw } from "lucide-react";
import { Link } from "@remix-run/react";
import { useTranslation } from "../../i18n/context.tsx";
import type { Entry, EntryState } from "../../outbox/entry.ts";
import { browserOutbox } from "../../outbox/browser-outbox.ts";
import { CarryButton } from "../../rejections/carry-button.tsx";
import { copyText } from "../../ui/copy-button.tsx";
import { DoneIcon, FailIcon, Icon } from "../../ui/icons.tsx";
import { insideSentence } from "../../text/one-line.ts";
import { useOnline } from "../../device/use-online.ts";
import { useSlow } from "../../ui/use-slow.ts";
import { toast } from "../../ui/toast.ts";
import { PhoneState } from "./phone-state.tsx";
import type { Way } from "./way.ts";

const WORDS = {
  queued: "state.sending",
  sending: "state.sending",
  accepted: "state.accepted",
  applied: "state.applied",
  unsent: "state.unsent",
  refused: "state.refused",
  invalid: "state.unsent",
} as const;

/** The sign beside the time of a sent message, and its word for those who do not see it. */
export function SentState({ state, way }: { state: EntryState; way: Way | null }) {
  const { t } = useTranslation();
  const waiting = !useOnline() && state === "queued";
  if (state === "applied" && way !== null) return <PhoneState of={way} />;
  return (
    <>
      {waiting ? <Icon of={Clock} className="tick waiting" /> : <Sign state={state} />}
      <span className="sr">{t(waiting ? "state.waiting" : WORDS[state])}</span>
    </>
  );
}

function Sign({ state }: { state: EntryState }) {
  switch (state) {
    case "queued":
    case "sending":
      return <Icon of={CircleDashed} className="tick sending" />;
    case "accepted":
      return <Icon of={Check} className="tick accepted" />;
    case "applied":
      return <DoneIcon className="tick applied" />;
    case "unsent":
    case "refused":
    case "invalid":
      return <FailIcon className="tick refused" />;
  }
}

/** A word after the newest message being sent, shown only when it takes long. */
export function SentWords({ entry, waiting }: { entry: Entry; waiting: number }) {
  const { t } = useTranslation();
  const online = useOnline();
  const slow = useSlow(entry.state === "accepted", 2_000);
  if (entry.state === "queued" && !online) {
    return (
      <p className="note">
        <Icon of={Clock} />
        {t("state.kept", { count: waiting })}
      </p>
    );
  }
  if (entry.state === "sending" || entry.state === "queued")
    return <p className="note">{t("state.sending")}</p>;
  if (slow) return <p className="note">{t("state.accepted.long")}</p>;
  return null;
}

/** Why a message is not in the conversation, and what can be done. */
export function Fault({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const copy = (): void =>
    void copyText(entry.event.data.content).then(
      (done) => done && toast(t("fault.copied"), { kind: "note" }),
    );
  const discard = (
    <button className="btn sm quiet" type="button" onClick={() => browserOutbox().remove(entry.id)}>
      {t("fault.discard")}
    </button>
  );
  const copyButton = (
    <button className="btn sm quiet" type="button" onClick={copy}>
      {t("fault.copy")}
    </button>
  );
  if (entry.state === "unsent") {
    return (
      <div className="fault" role="alert">
        <p>
          <strong>{t("fault.unsent")}</strong> <Countdown to={entry.nextTryAt} />
        </p>
        <div className="fault-acts">
          <button className="btn sm danger" type="button" onClick={() => browserOutbox().retry(entry.id)}>
            <Icon of={RotateCcw} />
            {t("fault.tryNow")}
          </button>
          {discard}
        </div>
      </div>
    );
  }
  if (entry.state === "refused") {
    const reason = entry.code === null ? "INTERNAL_ERROR" : (entry.code as "INTERNAL_ERROR");
    const title = t(`reason.${reason}`);
    return (
      <div className="fault" role="alert">
        <p>
          <strong>{t("fault.refused", { reason: insideSentence(title) })}</strong>{" "}
          {t(`reason.${reason}.help`)}
        </p>
        <div className="fault-acts">
          {entry.code === "INTERNAL_ERROR" ? (
            <Link className="btn sm danger" to={`/rejections?conversation=${entry.conversation}`}>
              {t("fault.see")}
            </Link>
          ) : (
            entry.receipt !== null && (
              <CarryButton
                receipt={entry.receipt}
                className="btn sm danger"
                done={() => browserOutbox().remove(entry.id)}
              />
            )
          )}
          {copyButton}
          {discard}
        </div>
      </div>
    );
  }
  const words =
    entry.code === "BODY_TOO_LARGE"
      ? "fault.tooLarge"
      : entry.code === "SIGNATURE_INVALID" || entry.code === "UNAUTHORIZED"
        ? "fault.denied"
        : "fault.invalid";
  return (
    <div className="fault" role="alert">
      <p>
        <strong>{t(words)}</strong> {t("fault.kept")}
      </p>
      <div className="fault-acts">
        {copyButton}
        {discard}
      </div>
    </div>
  );
}

function Countdown({ to }: { to: number | null }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (to === null) return <>{t("fault.retry.same")}</>;
  return (
    <span aria-live="off">{t("fault.retrying", { seconds: Math.max(1, Math.ceil((to - now) / 1000)) })}</span>
  );
}
