import type { ConversationRow } from "@fio/contracts";
import { isWaiting } from "../store/list.ts";

/** Rows leave the server in another order than their messages came in, by less than this: microseconds. */
const DISORDER = 5_000_000;

/**
 * Tells which customers have written since it last looked. Of a row that was not known before, that is one whose message
 * is newer than all that was heard before: what is loaded as one scrolls down the list is not news.
 */
export function createEar() {
  const known = new Map<string, string>();
  let newest: number | null = null;
  return (rows: Iterable<ConversationRow>): ConversationRow[] => {
    const before = newest;
    const news: ConversationRow[] = [];
    for (const row of rows) {
      const receipt = row.last_received_receipt;
      if (receipt === null) continue;
      const last = known.get(row.id);
      if (last === receipt) continue;
      known.set(row.id, receipt);
      newest = Math.max(newest ?? 0, Number(receipt));
      if (before === null || !isWaiting(row)) continue;
      if (last === undefined ? Number(receipt) > before - DISORDER : receipt > last) news.push(row);
    }
    newest ??= 0;
    return news;
  };
}
