import { useReducer } from "react";
import { dataPath } from "../../names/paths.ts";
import { usePacedReads } from "../../store/use-paced-reads.ts";
import { getJson } from "../../stream/get-json.ts";
import { usePageReads } from "../use-page-reads.ts";
import { heldAfter, heldAtFirst, type HeldAction, type HeldPage } from "./held-page.ts";
import { onFailedChanged } from "./on-failed-changed.ts";
import type { FailedPage } from "./act-on-failed.ts";

const REST_MS = 2_000;

const fetchFailed = (query: string): Promise<FailedPage | null> =>
  getJson<FailedPage>(`${dataPath.deliveries}?${query}`);

/** The answers that were given up, of one address: read again when the stream says that they are others. */
export function useLiveFailed(loaded: FailedPage, query: string): [HeldPage, (action: HeldAction) => void] {
  const [held, act] = useReducer(heldAfter, loaded, heldAtFirst);
  const read = usePageReads({ loaded, query, fetchPage: fetchFailed, act });
  usePacedReads({ read, restMs: REST_MS, listen: onFailedChanged });
  return [held, act];
}
