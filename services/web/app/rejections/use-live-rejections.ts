import { useReducer } from "react";
import { useRefusals } from "../store/use-refusals.ts";
import type { RejectionPage } from "./rejection-page.ts";
import { fetchRejections } from "./fetch-rejections.ts";
import { shownAfter, shownAtFirst, type RejectionsAction, type ShownRejections } from "./shown-rejections.ts";
import { usePageReads } from "./use-page-reads.ts";

const REST_MS = 2_000;

/** What was left out, of one address: read again when the stream says that it changed. */
export function useLiveRejections(
  loaded: RejectionPage,
  query: string,
): [ShownRejections, (action: RejectionsAction) => void] {
  const [shown, act] = useReducer(shownAfter, loaded, shownAtFirst);
  const read = usePageReads({ loaded, query, fetchPage: fetchRejections, act });
  useRefusals({ read, restMs: REST_MS });
  return [shown, act];
}
