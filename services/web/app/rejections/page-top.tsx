import { Link } from "@remix-run/react";
import { LiveState } from "../connection/live-state.tsx";
import { useTranslation } from "../i18n/context.tsx";
import { PATHS } from "../names/paths.ts";
import { SHOWS, type Show } from "./rejection-page.ts";
import { LiveFailedCount } from "./undelivered/live-failed-count.tsx";

/** Above what agents have to see to: what did not get in, and what did not go out. */
export function PageTop({
  title,
  intro,
  current,
  addressOf,
}: {
  title: string;
  intro: string;
  current: Show | "undelivered";
  addressOf: (show: Show) => string;
}) {
  const { t } = useTranslation();
  const here = (on: boolean): { "aria-current"?: "true" } => (on ? { "aria-current": "true" } : {});
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p>{intro}</p>
        </div>
        <LiveState className="page-live" />
      </header>
      <nav className="seg" aria-label={t("rejections.filter")}>
        {SHOWS.map((show) => (
          <Link key={show} to={addressOf(show)} {...here(show === current)}>
            {t(`rejections.${show}`)}
          </Link>
        ))}
        <Link to={PATHS.undelivered} {...here(current === "undelivered")}>
          {t("undelivered.title")} <LiveFailedCount />
        </Link>
      </nav>
    </>
  );
}
