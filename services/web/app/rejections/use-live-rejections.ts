import { useCallback, useEffect, useReducer, useRef } from "react";
import { useRefusals } from "../store/use-refusals.ts";
import type { RejectionPage } from "./rejection-page.ts";
import { fetchRejections } from "./fetch-rejections.ts";
import { shownAfter, shownAtFirst, type RejectionsAction, type ShownRejections } from "./shown-rejections.ts";

const REST_MS = 2_000;

/** What was left out, of one address: read again when the stream says that it changed. */
export function useLiveRejections(
  loaded: RejectionPage,
  query: string,
): [ShownRejections, (action: RejectionsAction) => void] {
  const [shown, act] = useReducer(shownAfter, loaded, shownAtFirst);
  // An answer that was asked for before the page was loaded anew is older.
  const latest = useRef(loaded);
  useEffect(() => {
    if (latest.current === loaded) return;
    latest.current = loaded;
    act({ kind: "read", page: loaded });
  }, [loaded]);
  const read = useCallback(async (): Promise<boolean> => {
    const asked = latest.current;
    const page = await fetchRejections(query);
    if (page !== null && latest.current === asked) act({ kind: "read", page });
    return page !== null;
  }, [query]);
  useRefusals({ read, restMs: REST_MS });
  return [shown, act];
}
