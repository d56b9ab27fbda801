import { Link } from "@remix-run/react";
import { Hash } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { PATHS } from "../names/paths.ts";
import { Icon } from "../ui/icons.tsx";

/** No conversation has this id, none yet, or none any more. */
export function NoConversation({ id, erased = false }: { id: string; erased?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="blank">
      <Icon of={Hash} className="big" />
      <h1>{t(erased ? "error.erased" : "error.notFound")}</h1>
      <p>
        <code>{id}</code>
      </p>
      <p>{t(erased ? "error.erased.hint" : "error.notFound.hint")}</p>
      <div className="acts">
        <Link className="btn" to={PATHS.home}>
          {t("error.back")}
        </Link>
      </div>
    </div>
  );
}
