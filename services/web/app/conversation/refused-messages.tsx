import { receiptMilliseconds } from "@fio/contracts/receipts";
import { CircleSlash } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import type { Rejection } from "@fio/contracts";
import { isBlank } from "../text/blank.ts";
import { useNow, useTimes } from "../time/context.tsx";
import { Icon } from "../ui/icons.tsx";
import { WayOn } from "../rejections/way-on.tsx";

/** Refused messages of this conversation, with their text, so that agents can read them. */
export function RefusedMessages({
  rejections,
  reload,
}: {
  rejections: readonly Rejection[];
  closedAt: string | null;
  reload: () => void;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  return (
    <section className="block">
      <h3>{t("details.refused")}</h3>
      {rejections.length === 0 && <p className="none">{t("details.refused.none")}</p>}
      {rejections.map((rejection) => {
        const text = rejection.event.data["content"];
        return (
          <article className="rej" key={rejection.receipt}>
            <h4>
              <Icon of={CircleSlash} />
              {t(`reason.${rejection.reason}`)}
            </h4>
            <p className="when">{times.relative(receiptMilliseconds(rejection.receipt), now)}</p>
            {text !== undefined && (
              <blockquote dir="auto">
                {isBlank(text) ? <span className="blank-text">{t("message.blank")}</span> : text}
              </blockquote>
            )}
            <p>{t(`reason.${rejection.reason}.help`)}</p>
            <div className="rej-foot">
              <WayOn rejection={rejection} quiet={false} done={reload} />
            </div>
          </article>
        );
      })}
    </section>
  );
}
