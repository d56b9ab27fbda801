import type { HistoryEntry, Rejection } from "@fio/contracts";
import type { Api } from "../../server/api.ts";

/** `null` when it is not available; the thread is shown without it. */
export type DetailsData = {
  history: HistoryEntry[];
  older: string | null;
  rejections: Rejection[];
} | null;

export async function detailsOf(api: Api, id: string, page: string | null): Promise<DetailsData> {
  try {
    const [history, rejections] = await Promise.all([
      api.history(id, { page }),
      page === null ? api.rejections({ conversation: id, page: null }) : null,
    ]);
    if (history.kind === "refused") return null;
    return {
      history: history.data,
      older: history.next,
      rejections: rejections?.kind === "ok" ? rejections.data : [],
    };
  } catch {
    return null;
  }
}
