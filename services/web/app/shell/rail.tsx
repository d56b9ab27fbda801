import { useRef } from "react";
import { Form, Link, useLocation, useRouteLoaderData } from "@remix-run/react";
import { CircleSlash, Command, Keyboard, MessagesSquare, Moon, Search, User } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { Icon, FioIcon } from "../ui/icons.tsx";
import { useLayers } from "./layers-context.tsx";
import { switchTheme } from "../device/theme.ts";
import { useCommand } from "../keys/commands.ts";
import { useKeyTitle } from "../keys/key-caps.tsx";
import { PATHS } from "../names/paths.ts";
import { loadWhenQuiet } from "../ui/load-when-quiet.tsx";
import type { RootData } from "../root.tsx";

const loadMarks = async () => ({ default: (await import("../rejections/rail-marks.tsx")).RailMarks });
const RailMarks = loadWhenQuiet(import.meta.env.SSR ? (await loadMarks()).default : null, loadMarks);

/** The rail on the left; on phones the bar at the bottom. */
export function Rail() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const layers = useLayers();
  const title = useKeyTitle();
  const language = useRef<HTMLButtonElement>(null);
  useCommand("language", () => language.current?.form?.requestSubmit(language.current));
  const agent = useRouteLoaderData<RootData>("root")?.agent ?? t("nav.noSignIn");
  const current = (on: boolean): { "aria-current"?: "page" } => (on ? { "aria-current": "page" } : {});
  const isAt = (path: string): boolean => pathname.startsWith(path);
  const inList = pathname === PATHS.home || isAt(PATHS.conversations);
  return (
    <nav className="rail" aria-label={t("nav.label")}>
      <Link className="brand" to={PATHS.home} aria-label={t("nav.home")}>
        <FioIcon />
      </Link>
      <Link
        className="tab"
        to={PATHS.home}
        title={title(t("nav.conversations"), "conversations")}
        {...current(inList)}
      >
        <Icon of={MessagesSquare} />
        <span>{t("nav.conversations")}</span>
      </Link>
      <Link
        className="tab"
        to={PATHS.rejections}
        title={title(t("nav.rejections"), "rejections")}
        {...current(isAt(PATHS.rejections))}
      >
        <Icon of={CircleSlash} />
        <span>{t("nav.rejections")}</span>
        <RailMarks />
      </Link>
      <Link
        className="tab"
        to={PATHS.search}
        title={title(t("nav.search"), "search")}
        {...current(isAt(PATHS.search))}
      >
        <Icon of={Search} />
        <span>{t("nav.search")}</span>
      </Link>
      <span className="grow" />
      <button
        className="tab mini"
        type="button"
        title={title(t("nav.commands"), "palette")}
        onClick={() => layers.open("palette")}
      >
        <Icon of={Command} />
        <span className="sr">{t("nav.commands")}</span>
      </button>
      <button
        className="tab mini"
        type="button"
        title={title(t("nav.shortcuts"), "sheet")}
        onClick={() => layers.open("shortcuts")}
      >
        <Icon of={Keyboard} />
        <span className="sr">{t("nav.shortcuts")}</span>
      </button>
      <Link className="tab mini own" to={PATHS.account} reloadDocument title={agent}>
        <Icon of={User} />
        <span className="sr">{agent}</span>
        <span className="phone-only">{t("nav.account")}</span>
      </Link>
      <Form
        method="post"
        action={PATHS.preferences}
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
      <Form method="post" action={PATHS.preferences} reloadDocument>
        <input type="hidden" name="back" value={pathname + search} />
        <button
          ref={language}
          className="tab mini lang"
          name="switch"
          value="language"
          title="Idioma / Language"
        >
          <span aria-hidden="true">{t("nav.language.short")}</span>
          <span className="sr">{t("nav.language")}</span>
        </button>
      </Form>
    </nav>
  );
}
