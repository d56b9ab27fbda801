import { type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData, useNavigation } from "@remix-run/react";
import { QUERY_MAX_UNITS } from "@fio/contracts/limits";
import { Search as SearchIcon } from "lucide-react";
import { useTranslation } from "../i18n/context.tsx";
import { available } from "../available.server.ts";
import { Failed } from "../components/errors.tsx";
import { Icon } from "../components/icons.tsx";
import { LiveState } from "../components/live-state.tsx";
import { SearchHits } from "../components/search-hits.tsx";
import { titleOf } from "../title.ts";

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "search.title") }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const q = (search.get("q") ?? "").trim().slice(0, QUERY_MAX_UNITS);
  if (q === "") return { q, hits: [], next: null };
  const read = await available(context, context.api.search({ q, page: search.get("page") }));
  // The query has nothing to search for, or is too long.
  if (read.kind === "refused") return { q, hits: [], next: null };
  return { q, hits: read.data, next: read.next };
}

/** In the text of all messages, or by id. */
export default function Search() {
  const { t } = useTranslation();
  const { q, hits, next } = useLoaderData<typeof loader>();
  const busy = useNavigation().location?.pathname === "/search";
  return (
    <div className="stage">
      <main className="pane" id="content">
        <div className="page">
          <header className="page-head">
            <div>
              <h1>{t("search.title")}</h1>
              <p>{t("search.intro")}</p>
            </div>
            <LiveState className="page-live" />
          </header>
          <Form className="search-form" role="search" action="/search">
            <label className="sr" htmlFor="q">
              {t("search.label")}
            </label>
            <div className="search-field">
              <Icon of={SearchIcon} />
              <input
                key={q}
                id="q"
                name="q"
                type="search"
                defaultValue={q}
                placeholder={t("search.placeholder")}
                autoComplete="off"
                autoFocus={q === ""}
              />
            </div>
            <button className="btn solid">{t("search.submit")}</button>
          </Form>
          <div
            className="table-wrap"
            aria-busy={busy}
            tabIndex={0}
            role="region"
            aria-label={t("search.results")}
          >
            {hits.length > 0 && <SearchHits hits={hits} q={q} />}
            {hits.length === 0 && (
              <div className="blank small">
                <Icon of={SearchIcon} className="big" />
                <h2>{q === "" ? t("search.start") : t("search.empty", { q })}</h2>
                {q !== "" && <p>{t("search.empty.hint")}</p>}
              </div>
            )}
            {next !== null && (
              <p className="end-note">
                <Link
                  className="btn quiet sm"
                  to={`/search?${new URLSearchParams({ q, page: next }).toString()}`}
                >
                  {t("search.more")}
                </Link>
              </p>
            )}
          </div>
        </div>
      </main>
    </div>
  );
}

export function ErrorBoundary() {
  const { t } = useTranslation();
  return (
    <div className="stage">
      <main className="pane" id="content">
        <Failed title={t("search.failed")} />
      </main>
    </div>
  );
}
