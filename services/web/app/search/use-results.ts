import { useCallback, useEffect, useRef, useState } from "react";
import { useNavigationType } from "@remix-run/react";
import { dataPath } from "../names/paths.ts";
import { getJson } from "../stream/get-json.ts";
import { NO_RESULTS, withPage, withRelated, type Results, type SearchPage } from "./results.ts";

/** The last search of this tab as it was left: whoever goes back from a hit finds the place again. */
let left: { of: string; results: Results; top: number } | null = null;

export const loadSearchPage = (query: string): Promise<SearchPage | null> =>
  getJson<SearchPage>(dataPath.search({ page: query }));

/** The pages of a search, appended as they are asked for. `query`: what the first one was asked for by. */
export function useResults({ page, query, address }: { page: SearchPage; query: string; address: string }) {
  const back = (useNavigationType() as string) === "POP";
  const start = (): Results =>
    back && left?.of === address ? left.results : withPage(NO_RESULTS, page, query);
  const [state, setState] = useState(() => ({ of: page, results: start() }));
  // Another search, or the same again: what it begins with replaces what was there.
  const current = state.of === page ? state : { of: page, results: start() };
  if (current !== state) setState(current);
  const [loading, setLoading] = useState<"next" | "related" | null>(null);
  const [failed, setFailed] = useState<"next" | "related" | null>(null);

  const latest = useRef(page);
  latest.current = page;
  const load = useCallback(async (which: "next" | "related", asked: string): Promise<void> => {
    const of = latest.current;
    setLoading(which);
    setFailed(null);
    const answer = await loadSearchPage(asked);
    // Another search meanwhile.
    if (latest.current !== of) return;
    setLoading(null);
    if (answer === null) setFailed(which);
    else
      setState(({ results }) => ({
        of,
        results: which === "next" ? withPage(results, answer, asked) : withRelated(results, answer),
      }));
  }, []);
  useEffect(() => {
    setLoading(null);
    setFailed(null);
  }, [page]);

  const { results } = current;
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (back && left?.of === address) element.scrollTop = left.top;
    const keep = (): void => {
      left = { of: address, results, top: element.scrollTop };
    };
    keep();
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, [address, results, back]);
  return { results, loading, failed, load, scroller };
}
