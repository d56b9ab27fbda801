import { Link } from "@remix-run/react";
import { History } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Icon } from "../ui/icons.tsx";

export const searchPath = (query: { q: string; page: string }): string =>
  `/search?${new URLSearchParams(query).toString()}`;

/** A search that took too long: how far back it has looked, and the way on. */
export function SearchUnfinished({
  q,
  next,
  searched,
  hasHits,
}: {
  q: string;
  next: string;
  searched: string | null;
  hasHits: boolean;
}) {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <div className="blank small" role="status">
      {!hasHits && <Icon of={History} className="big" />}
      {searched !== null && (
        <h2>
          <time dateTime={searched}>{t("search.searched", { date: times.date(instantOf(searched)) })}</time>
        </h2>
      )}
      <p>{hasHits ? t("search.searched.some") : t("search.searched.none", { q })}</p>
      <Link className="btn solid" to={searchPath({ q, page: next })}>
        {t("search.further")}
      </Link>
    </div>
  );
}
