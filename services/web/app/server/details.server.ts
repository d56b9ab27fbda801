import type { HistoryEntry, Rejection } from "@fio/contracts";
import type { Api } from "../../server/api.ts";

export type HistoryPage = { history: HistoryEntry[]; older: string | null };
/** `null` when it is not available; the thread is shown without it. */
export type DetailsData = (HistoryPage & { rejections: Rejection[] }) | null;

export async function detailsOf(api: Api, id: string): Promise<DetailsData> {
  const [history, rejections] = await Promise.all([
    historyOf(api, id, null),
    api.rejections({ conversation: id, page: null }).catch(() => null),
  ]);
  return history === null || rejections?.kind !== "ok" ? null : { ...history, rejections: rejections.data };
}

/** `null` when it is not available. */
export async function historyOf(api: Api, id: string, page: string | null): Promise<HistoryPage | null> {
  const read = await api.history(id, { page }).catch(() => null);
  return read?.kind === "ok" ? { history: read.data, older: read.next } : null;
}
