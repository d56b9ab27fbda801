import { data } from "@remix-run/node";
import { Link } from "@remix-run/react";
import { Hash } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { Icon } from "../ui/icons.tsx";
import { Stage } from "../shell/stage.tsx";

export const loader = () => data(null, { status: 404 });

/** An unknown address. */
export default function NoPage() {
  const { t } = useTranslation();
  return (
    <Stage>
      <div className="blank">
        <Icon of={Hash} className="big" />
        <h1>{t("error.noPage")}</h1>
        <p>{t("error.noPage.hint")}</p>
        <div className="acts">
          <Link className="btn" to="/">
            {t("error.back")}
          </Link>
        </div>
      </div>
    </Stage>
  );
}
