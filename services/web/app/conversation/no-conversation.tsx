import { Link } from "@remix-run/react";
import { Hash } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { PATHS } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";

/** No conversation has this id, or none yet. */
export function NoConversation({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <div className="blank">
      <Icon of={Hash} className="big" />
      <h1>{t("error.notFound")}</h1>
      <p>
        <code>{id}</code>
      </p>
      <p>{t("error.notFound.hint")}</p>
      <div className="acts">
        <Link className="btn" to={PATHS.home}>
          {t("error.back")}
        </Link>
      </div>
    </div>
  );
}
