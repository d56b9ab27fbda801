import { Form, Link, useLocation } from "@remix-run/react";
import { CircleSlash, Command, Keyboard, MessagesSquare, Moon, Search } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { Icon, FioIcon } from "../ui/icons.tsx";
import { useLayers } from "./layers-context.tsx";
import { switchTheme } from "../device/theme.ts";
import { useNewRejections } from "../rejections/use-new-rejections.ts";

/** The rail on the left; on phones the bar at the bottom. */
export function Rail() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const layers = useLayers();
  const pending = useNewRejections();
  const current = (on: boolean): { "aria-current"?: "page" } => (on ? { "aria-current": "page" } : {});
  const here = pathname.startsWith("/rejections")
    ? "rejections"
    : pathname.startsWith("/search")
      ? "search"
      : "list";
  return (
    <nav className="rail" aria-label={t("nav.label")}>
      <Link className="brand" to="/" aria-label={t("nav.home")}>
        <FioIcon />
      </Link>
      <Link className="tab" to="/" {...current(here === "list")}>
        <Icon of={MessagesSquare} />
        <span>{t("nav.conversations")}</span>
      </Link>
      <Link className="tab" to="/rejections" {...current(here === "rejections")}>
        <Icon of={CircleSlash} />
        <span>{t("nav.rejections")}</span>
        {pending && (
          <i className="ping">
            <span className="sr">{t("nav.rejections.new")}</span>
          </i>
        )}
      </Link>
      <Link className="tab" to="/search" {...current(here === "search")}>
        <Icon of={Search} />
        <span>{t("nav.search")}</span>
      </Link>
      <span className="grow" />
      <button
        className="tab mini"
        type="button"
        title={`${t("nav.commands")} (Ctrl K)`}
        onClick={() => layers.open("palette")}
      >
        <Icon of={Command} />
        <span className="sr">{t("nav.commands")}</span>
      </button>
      <button
        className="tab mini"
        type="button"
        title={`${t("nav.shortcuts")} (?)`}
        onClick={() => layers.open("shortcuts")}
      >
        <Icon of={Keyboard} />
        <span className="sr">{t("nav.shortcuts")}</span>
      </button>
      <Form
        method="post"
        action="/preferences"
        reloadDocument
        onSubmit={(event) => {
          event.preventDefault();
          switchTheme();
        }}
      >
        <input type="hidden" name="back" value={pathname + search} />
        <button className="tab mini" name="switch" value="theme" title={t("nav.theme")}>
          <Icon of={Moon} />
          <span className="sr">{t("nav.theme")}</span>
        </button>
      </Form>
      <Form method="post" action="/preferences" reloadDocument>
        <input type="hidden" name="back" value={pathname + search} />
        <button className="tab mini lang" name="switch" value="language" title="Idioma / Language">
          <span aria-hidden="true">{t("nav.language.short")}</span>
          <span className="sr">{t("nav.language")}</span>
        </button>
      </Form>
    </nav>
  );
}
