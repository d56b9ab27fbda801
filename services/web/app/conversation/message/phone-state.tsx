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

/** Meta's numbers for which there are plain words. */
const KNOWN = ["131026", "131047", "131049", "131048", "131056", "130429", "80007", "190"] as const;
type Known = (typeof KNOWN)[number];
const WORDS = {
  "131026": "phone.why.number",
  "131047": "phone.why.window",
  "131049": "phone.why.limited",
  "131048": "phone.why.tooMany",
  "131056": "phone.why.tooMany",
  "130429": "phone.why.tooMany",
  "80007": "phone.why.tooMany",
  "190": "phone.why.access",
} as const satisfies Record<Known, string>;

/** Why a message did not reach the phone. */
export function NotDelivered({ detail }: { detail: string | undefined }) {
  const { t } = useTranslation();
  const known = KNOWN.find((number) => new RegExp(`(^|\\D)${number}(\\D|$)`).test(detail ?? ""));
  const why =
    known !== undefined ? t(WORDS[known]) : detail === undefined ? "" : t("phone.why.other", { detail });
  return (
    <p className="note not-delivered">
      <strong>{t("phone.FAILED")}.</strong> <bdi>{why}</bdi>
    </p>
  );
}
