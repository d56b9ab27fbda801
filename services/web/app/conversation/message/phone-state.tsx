import { Check, CheckCheck, Clock } from "lucide-react";
import { useTranslation } from "../../i18n/context.tsx";
import { FailIcon, Icon } from "../../ui/icons.tsx";
import { useSlow } from "../../ui/use-slow.ts";
import { isFault, type Way } from "./way.ts";

/** So long it takes nobody by surprise. */
const SLOW_MS = 1_500;

/** How far a message has come on its way to the phone: the sign beside its time, and its words; a long wait is said to all. */
export function PhoneState({ of }: { of: Way }) {
  const { t } = useTranslation();
  const waits = of === "WAITING";
  const slow = useSlow(waits, SLOW_MS);
  return (
    <>
      {isFault(of) ? (
        <FailIcon className="tick failed" />
      ) : (
        <Icon
          of={waits ? Clock : of === "SENT" || of === "LEFT" ? Check : CheckCheck}
          className={of === "READ" ? "tick read" : "tick"}
        />
      )}
      <span className={slow ? "waits" : "sr"}>{t(`phone.${of}`)}</span>
    </>
  );
}
