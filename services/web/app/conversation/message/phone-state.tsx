import { Check, CheckCheck } from "lucide-react";
import type { DeliveryStatus } from "@fio/contracts";
import { useTranslation } from "../../i18n/context.tsx";
import { FailIcon, Icon } from "../../ui/icons.tsx";

/** What the customer's phone has told of a message, as the sign beside its time and for those who do not see it. */
export function PhoneState({ of }: { of: DeliveryStatus }) {
  const { t } = useTranslation();
  return (
    <>
      {of === "FAILED" ? (
        <FailIcon className="tick failed" />
      ) : (
        <Icon of={of === "SENT" ? Check : CheckCheck} className={of === "READ" ? "tick read" : "tick"} />
      )}
      <span className="sr">{t(`phone.${of}`)}</span>
    </>
  );
}
