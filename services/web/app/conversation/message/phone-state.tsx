import { Check, CheckCheck } from "lucide-react";
import { ARRIVAL_NOT_KNOWN, type MessageState } from "@fio/contracts/message-state";
import { useTranslation } from "../../i18n/context.tsx";
import { FailIcon, Icon } from "../../ui/icons.tsx";

/** What the customer's phone has told of a message, as the sign beside its time and for those who do not see it. */
export function PhoneState({ of: state }: { of: MessageState }) {
  const { t } = useTranslation();
  const of = state.status;
  return (
    <>
      {of === "FAILED" ? (
        <FailIcon className="tick failed" />
      ) : (
        <Icon of={of === "SENT" ? Check : CheckCheck} className={of === "READ" ? "tick read" : "tick"} />
      )}
      <span className="sr">{t(`phone.${stateName(state)}`)}</span>
    </>
  );
}

/** What it is called: of one that may have arrived nobody says that it did not. */
export const stateName = ({ status, detail }: MessageState): MessageState["status"] | "UNKNOWN" =>
  status === "FAILED" && detail === ARRIVAL_NOT_KNOWN ? "UNKNOWN" : status;
