import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useLoaderData, useLocation, useNavigation } from "@remix-run/react";
import { QUERY_MAX_UNITS } from "@fio/contracts/limits";
import { CalendarX, RefreshCw, Search as SearchIcon } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { isUnavailable } from "../../server/unavailable.ts";
import { LiveState } from "../connection/live-state.tsx";
import { useTranslation } from "../i18n/context.tsx";
import { useWords } from "../i18n/later.ts";
import { command, useCommand } from "../keys/commands.ts";
import { PATHS } from "../names/paths.ts";
import { preferencesOf } from "../server/preferences.server.ts";
import { Filters } from "../search/filters.tsx";
import { FoundList } from "../search/found.tsx";
import { askedIn, filtersOf, firstQuery, isFiltered } from "../search/query.ts";
import type { SearchPage } from "../search/results.ts";
import { SEARCH_WORDS } from "../search/search-words.ts";
import { Failed } from "../shell/errors.tsx";
import { titleOf } from "../shell/title.ts";
import { Stage } from "../shell/stage.tsx";
import { Icon } from "../ui/icons.tsx";
import { useSlow } from "../ui/use-slow.ts";

export const meta: MetaFunction = ({ matches }) => [{ title: titleOf(matches, "search.title") }];

/** When the store is not available, the page says so below what was asked, which is kept. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const asked = askedIn(search);
  const { zone } = preferencesOf(request);
  const query = search.get("page") ?? firstQuery(asked, zone);
  const of = { asked, query, isFirst: search.get("page") === null };
  const none = (what: "start" | "refused" | "failed") => ({ ...of, what, page: null });
  if (asked.q === "") return none("start");
  try {
    const read = await context.api.search({
      q: asked.q,
      page: search.get("page"),
      filters: filtersOf(asked, zone),
    });
    // The query has nothing to search for, or its period none.
    if (read.kind === "refused") return none("refused");
    const { data: hits, next, related, searched } = read;
    const page: SearchPage = { hits, next, related, searched };
    return { ...of, what: "found" as const, page };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    context.log.warn({ upstream: error.what, status: error.status }, "upstream is not available");
    return data(none("failed"), { status: 503 });
  }
}

/** In the text of all messages, and by the names and ids of conversations. */
export default function Search() {
  const { t } = useTranslation();
  const say = useWords(SEARCH_WORDS);
  const { asked, query, isFirst, what, page } = useLoaderData<typeof loader>();
  const field = useRef<HTMLInputElement>(null);
  useCommand("goto", () => field.current?.focus());
  const address = useLocation().search;
  const busy = useNavigation().location?.pathname === PATHS.search;
  const slow = useSlow(busy, 400);
  return (
    <Stage>
      <div className="page">
        <header className="page-head">
          <div>
            <h1>{t("search.title")}</h1>
            <p>{say("intro")}</p>
          </div>
          <LiveState className="page-live" />
        </header>
        <Form className="search-form" role="search" action={PATHS.search}>
          <label className="sr" htmlFor="q">
            {say("label")}
          </label>
          <div className="search-field">
            <Icon of={SearchIcon} />
            <input
              key={asked.q}
              ref={field}
              id="q"
              name="q"
              type="search"
              defaultValue={asked.q}
              maxLength={QUERY_MAX_UNITS}
              placeholder={say("placeholder")}
              autoComplete="off"
              autoFocus={asked.q === ""}
              onKeyDown={(event) => {
                // From the words down to what they found, past all filters.
                if (event.key === "ArrowDown" && command("next")) event.preventDefault();
              }}
            />
          </div>
          <button className="btn solid">{say("submit")}</button>
          <Filters asked={asked} />
        </Form>
        <p className="sr" role="status">
          {slow ? say("searching") : ""}
        </p>
        {slow && (
          <p className="search-busy" aria-hidden="true">
            {say("searching")}
          </p>
        )}
        {what === "found" ? (
          <FoundList {...{ asked, query, isFirst, address, busy }} page={page} />
        ) : what === "failed" ? (
          <Says icon={RefreshCw} title={say("failed")} hint={say("failedHint")} alert>
            <a className="btn" href={`${PATHS.search}${address}`}>
              <Icon of={RefreshCw} />
              {say("retry")}
            </a>
          </Says>
        ) : what === "refused" && isFiltered(asked) && asked.from > asked.to ? (
          <Says icon={CalendarX} title={say("badPeriod")} hint={say("badPeriodHint")} alert />
        ) : what === "refused" ? (
          <Says
            icon={SearchIcon}
            title={say("nothingToSearch", { q: asked.q })}
            hint={say("nothingToSearchHint")}
            alert
          />
        ) : (
          <Says icon={SearchIcon} title={say("start")} />
        )}
      </div>
    </Stage>
  );
}

/** What stands where results would. */
function Says({
  icon,
  title,
  hint,
  alert = false,
  children,
}: {
  icon: typeof SearchIcon;
  title: string;
  hint?: string;
  alert?: boolean;
  children?: ReactNode;
}) {
  const say = useWords(SEARCH_WORDS);
  return (
    <div className="table-wrap" role="region" aria-label={say("results")} tabIndex={0}>
      <div className="blank small" {...(alert ? { role: "alert" } : {})}>
        <Icon of={icon} className="big" />
        <h2>{title}</h2>
        {hint !== undefined && <p>{hint}</p>}
        {children}
      </div>
    </div>
  );
}

export function ErrorBoundary() {
  const say = useWords(SEARCH_WORDS);
  return (
    <Stage>
      <Failed title={say("failed")} />
    </Stage>
  );
}
