import { type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData, useNavigation } from "@remix-run/react";
import { QUERY_MAX_UNITS } from "@fio/contracts/limits";
import { Search as SearchIcon } from "lucide-react";
import { useRef } from "react";
import { useCommand } from "../keys/commands.ts";
import { PATHS } from "../names/paths.ts";
import { useTranslation } from "../i18n/context.tsx";
import { available } from "../server/available.server.ts";
import { Failed } from "../shell/errors.tsx";
import { Icon } from "../ui/icons.tsx";
import { LiveState } from "../connection/live-state.tsx";
import { SearchHits } from "../search/search-hits.tsx";
import { SearchUnfinished, searchPath } from "../search/search-unfinished.tsx";
import { titleOf } from "../shell/title.ts";

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "search.title") }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const q = (search.get("q") ?? "").trim().slice(0, QUERY_MAX_UNITS);
  const page = search.get("page");
  const nothing = { q, isFirst: page === null, hits: [], next: null, searched: null };
  if (q === "") return nothing;
  const read = await available(context, context.api.search({ q, page }));
  // The query has nothing to search for, or is too long.
  if (read.kind === "refused") return nothing;
  return { ...nothing, hits: read.data, next: read.next, searched: read.searched };
}

/** In the text of all messages, or by id. */
export default function Search() {
  const { t } = useTranslation();
  const { q, isFirst, hits, next, searched } = useLoaderData<typeof loader>();
  const field = useRef<HTMLInputElement>(null);
  useCommand("goto", () => field.current?.focus());
  const busy = useNavigation().location?.pathname === PATHS.search;
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
          <Form className="search-form" role="search" action={PATHS.search}>
            <label className="sr" htmlFor="q">
              {t("search.label")}
            </label>
            <div className="search-field">
              <Icon of={SearchIcon} />
              <input
                key={q}
                ref={field}
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
            {next !== null && (searched !== null || hits.length === 0) ? (
              <SearchUnfinished q={q} next={next} searched={searched} hasHits={hits.length > 0} />
            ) : (
              <>
                {hits.length === 0 && <Nothing q={q} isFirst={isFirst} />}
                {next !== null && (
                  <p className="end-note">
                    <Link className="btn quiet sm" to={searchPath({ q, page: next })}>
                      {t("search.more")}
                    </Link>
                  </p>
                )}
              </>
            )}
          </div>
        </div>
      </main>
    </div>
  );
}

/** Said only once all messages have been searched. */
function Nothing({ q, isFirst }: { q: string; isFirst: boolean }) {
  const { t } = useTranslation();
  const [title, hint] = isFirst
    ? [t("search.empty", { q }), t("search.empty.hint")]
    : [t("search.end", { q }), t("search.end.hint")];
  return (
    <div className="blank small">
      <Icon of={SearchIcon} className="big" />
      <h2>{q === "" ? t("search.start") : title}</h2>
      {q !== "" && <p>{hint}</p>}
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
