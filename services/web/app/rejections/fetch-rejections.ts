import type { Rejection } from "@fio/contracts";
import { dataPath } from "../names/paths.ts";
import { getJson } from "../stream/get-json.ts";
import type { RejectionPage } from "./rejection-page.ts";

/** What became of one that is no longer listed: still left out, but seen to; or `applied`, or a repeat of another. */
export type Became = { rejection: Rejection | null; applied: boolean };

/** A page of messages that were left out, as it is now; `null` when it is not available. `query` as in the page's address. */
export const fetchRejections = (query: string): Promise<RejectionPage | null> =>
  getJson(dataPath.rejections(query));

/** `null` when it is not available. */
export const fetchBecame = ({ receipt, event }: Rejection): Promise<Became | null> =>
  getJson(dataPath.rejection(receipt, { type: event.type, id: event.data["id"] }));
