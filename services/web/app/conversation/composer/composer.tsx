import { useActionData } from "@remix-run/react";
import { WifiOff } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import type { Thread } from "../../store/thread.ts";
import type { FormAnswer } from "../../outbox/answers.ts";
import { useCommand } from "../../keys/commands.ts";
import { Icon } from "../../ui/icons.tsx";
import { useOnline } from "../../device/use-online.ts";
import { ReplyForm } from "./reply-form.tsx";
import { SimulateForm } from "./simulate-form.tsx";
import { useSimulator } from "./use-simulator.ts";

/** The field to answer in or, clearly marked, to write as the customer. */
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
  const answer = useActionData<FormAnswer | null>();
  const failed = answer?.intent === "send" ? answer : null;
  useCommand("simulate", simulator ? () => setSimulating(true) : null);
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
