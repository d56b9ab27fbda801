import { useRef } from "react";
import { Link } from "@remix-run/react";
import { History, SearchX } from "lucide-react";
import { useWords } from "../i18n/later.ts";
import { useCommand } from "../keys/commands.ts";
import { useTimes } from "../time/context.tsx";
import { instantOf } from "../time/times.ts";
import { Icon } from "../ui/icons.tsx";
import { FoundRow } from "./found-row.tsx";
import { Hit } from "./hit.tsx";
import { isFiltered, searchPath, type Asked } from "./query.ts";
import type { SearchPage } from "./results.ts";
import { SEARCH_WORDS } from "./search-words.ts";
import { loadSearchPage, useResults } from "./use-results.ts";

/** What a search found: conversations by their names first, then messages, a row for each conversation. */
export function FoundList({
  asked,
  page,
  query,
  isFirst,
  address,
  busy,
}: {
  asked: Asked;
  page: SearchPage;
  /** What the read API was asked with for this page. */
  query: string;
  isFirst: boolean;
  address: string;
  busy: boolean;
}) {
  const say = useWords(SEARCH_WORDS);
  const { results, loading, failed, load, scroller } = useResults({ page, query, address });
  const { named, found, next, related, searched } = results;
  const list = useRef<HTMLDivElement>(null);
  // The links in their order on the page are the order of the keys.
  const step = (by: 1 | -1): void => {
    const links = [...(list.current?.getElementsByTagName("a") ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    links[at < 0 && by < 0 ? links.length - 1 : at + by]?.focus();
  };
  useCommand("next", () => step(1));
  useCommand("previous", () => step(-1));
  const nothing = named.length === 0 && found.length === 0;

  const further = (which: "next" | "related", asks: string, words: string, className: string) => (
    <Link
      className={className}
      to={searchPath(asked, asks)}
      aria-disabled={loading !== null}
      preventScrollReset
      onClick={(event) => {
        event.preventDefault();
        if (loading === null) void load(which, asks);
      }}
    >
      {loading === which ? say("loading") : failed === which ? say("moreFailed") : words}
    </Link>
  );
  return (
    <div
      className="table-wrap"
      aria-busy={busy || loading !== null}
      tabIndex={0}
      role="region"
      aria-label={say("results")}
      ref={scroller}
    >
      <div ref={list}>
        {named.length > 0 && (
          <section className="hits">
            <h2>{say("named")}</h2>
            <ul>
              {named.map((hit) => (
                <li key={hit.conversation_id}>
                  <Hit hit={hit} q={asked.q} />
                </li>
              ))}
            </ul>
            {related !== null && further("related", related, say("related"), "btn quiet sm")}
          </section>
        )}
        {found.length > 0 && (
          <section className="hits">
            <h2>{say("messages")}</h2>
            <ul>
              {found.map((each) => (
                <FoundRow key={each.hit.message.id} found={each} asked={asked} load={loadSearchPage} />
              ))}
            </ul>
          </section>
        )}
      </div>
      {next !== null && (searched !== null || nothing) ? (
        <Unfinished q={asked.q} searched={searched} hasHits={!nothing}>
          {further("next", next, say("further"), "btn solid")}
        </Unfinished>
      ) : (
        <>
          {nothing && <Nothing asked={asked} isFirst={isFirst && results.next === page.next} />}
          {next !== null && <p className="end-note">{further("next", next, say("more"), "btn quiet sm")}</p>}
        </>
      )}
    </div>
  );
}

/** A search that took too long: how far back it has looked, and the way on. */
function Unfinished({
  q,
  searched,
  hasHits,
  children,
}: {
  q: string;
  searched: string | null;
  hasHits: boolean;
  children: React.ReactNode;
}) {
  const say = useWords(SEARCH_WORDS);
  const times = useTimes();
  return (
    <div className="blank small" role="status">
      {!hasHits && <Icon of={History} className="big" />}
      {searched !== null && (
        <h2>
          <time dateTime={searched}>{say("searched", { date: times.date(instantOf(searched)) })}</time>
        </h2>
      )}
      <p>{hasHits ? say("searchedSome") : say("searchedNone", { q })}</p>
      {children}
    </div>
  );
}

/** Said only once all messages have been searched. */
function Nothing({ asked, isFirst }: { asked: Asked; isFirst: boolean }) {
  const say = useWords(SEARCH_WORDS);
  const hint = !isFirst ? "endHint" : isFiltered(asked) ? "emptyFiltered" : "emptyHint";
  return (
    <div className="blank small" role="status">
      <Icon of={SearchX} className="big" />
      <h2>{say(isFirst ? "empty" : "end", { q: asked.q })}</h2>
      <p>{say(hint)}</p>
    </div>
  );
}
