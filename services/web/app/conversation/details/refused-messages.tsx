import { receiptMilliseconds } from "@fio/contracts/receipts";
import { useTranslation } from "../../i18n/context.tsx";
import type { Rejection } from "@fio/contracts";
import { useNow, useTimes } from "../../time/context.tsx";
import { What } from "../../rejections/left-out.tsx";
import { WaysOn } from "../../rejections/ways-on.tsx";

/** What this conversation left out, with its text and the ways on. */
export function RefusedMessages({ rejections }: { rejections: readonly Rejection[] }) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  if (rejections.length === 0) return null;
  return (
    <section className="block">
      <h3>{t("details.refused")}</h3>
      {rejections.map((rejection) => (
        <article className={rejection.resolution === null ? "rej" : "rej resolved"} key={rejection.receipt}>
          <h4>{t(`reason.${rejection.reason}`)}</h4>
          <p className="when">{times.relative(receiptMilliseconds(rejection.receipt), now)}</p>
          <What event={rejection.event} />
          <WaysOn rejection={rejection} />
        </article>
      ))}
    </section>
  );
}
