import { useTranslation } from "../i18n/context.tsx";
import { LiveFailedCount } from "./undelivered/live-failed-count.tsx";
import { useUnresolved } from "./use-unresolved.ts";

/** What agents have to see to: whether something did not get in, and how many answers did not go out. */
export function RailMarks() {
  const { t } = useTranslation();
  const pending = useUnresolved();
  return (
    <>
      <LiveFailedCount />
      {pending && (
        <i className="ping">
          <span className="sr">{t("nav.rejections.new")}</span>
        </i>
      )}
    </>
  );
}
