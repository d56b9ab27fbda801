import { useCallback, useEffect, useReducer, useRef } from "react";
import { dataPath } from "../../names/paths.ts";
import { usePacedReads } from "../../store/use-paced-reads.ts";
import { getJson } from "../../stream/get-json.ts";
import { heldAfter, heldAtFirst, type HeldAction, type HeldPage } from "./held-page.ts";
import { onFailedChanged } from "./on-failed-changed.ts";
import type { FailedPage } from "./send-again.ts";

const REST_MS = 2_000;

/** The answers that were given up, of one address: read again when the stream says that they are others. */
export function useLiveFailed(loaded: FailedPage, query: string): [HeldPage, (action: HeldAction) => void] {
  const [held, act] = useReducer(heldAfter, loaded, heldAtFirst);
  // An answer that was asked for before the page was loaded anew is older.
  const latest = useRef(loaded);
  useEffect(() => {
    if (latest.current === loaded) return;
    latest.current = loaded;
    act({ kind: "read", page: loaded });
  }, [loaded]);
  const read = useCallback(async (): Promise<boolean> => {
    const asked = latest.current;
    const page = await getJson<FailedPage>(`${dataPath.deliveries}?${query}`);
    if (page !== null && latest.current === asked) act({ kind: "read", page });
    return page !== null;
  }, [query]);
  usePacedReads({ read, restMs: REST_MS, listen: onFailedChanged });
  return [held, act];
}
