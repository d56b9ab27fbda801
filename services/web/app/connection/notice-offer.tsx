import { BellRing } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { chime } from "../device/chime.ts";
import { canNotify, switchNotify } from "../device/notices.ts";
import { endOffer } from "../device/offer.ts";
import { setSetting } from "../device/settings.ts";
import { Icon } from "../ui/icons.tsx";

/** Offers to call the agent, in one sentence; the switches stay in the details of the connection. */
export default function NoticeOffer() {
  const { t } = useTranslation();
  const take = (notices: boolean): void => {
    setSetting("sound", true);
    chime();
    endOffer();
    if (notices) void switchNotify(true);
  };
  return (
    <section className="offer" aria-label={t("offer.title")}>
      <p>
        <Icon of={BellRing} />
        {t("offer.title")}
      </p>
      <div className="offer-ways">
        {canNotify() && (
          <button type="button" className="btn sm" onClick={() => take(true)}>
            {t("offer.both")}
          </button>
        )}
        <button type="button" className="btn sm" onClick={() => take(false)}>
          {t("offer.sound")}
        </button>
        <button type="button" className="btn sm quiet" onClick={endOffer}>
          {t("offer.never")}
        </button>
      </div>
    </section>
  );
}
