import { useCallback, useEffect, useReducer, useRef } from "react";
import type { RejectionPage } from "./rejection-page.ts";
import { fetchRejections } from "./fetch-rejections.ts";
import { useRefreshing } from "../store/use-refreshing.ts";
import { shownAfter, shownAtFirst, type RejectionsAction, type ShownRejections } from "./shown-rejections.ts";

const PACE = { restMs: 2_000, everyMs: 5_000 };

/** The refusals of one address, kept up to date while they are shown. */
export function useLiveRejections(
  loaded: RejectionPage,
  query: string,
): [ShownRejections, (action: RejectionsAction) => void] {
  const [shown, act] = useReducer(shownAfter, loaded, shownAtFirst);
  // A replay loads the page anew: an answer that was asked for before that is older.
  const latest = useRef(loaded);
  useEffect(() => {
    if (latest.current === loaded) return;
    latest.current = loaded;
    act({ kind: "read", page: loaded });
  }, [loaded]);
  const refresh = useCallback(async () => {
    const asked = latest.current;
    const page = await fetchRejections(query);
    if (page !== null && latest.current === asked) act({ kind: "read", page });
  }, [query]);
  useRefreshing(refresh, PACE);
  return [shown, act];
}
