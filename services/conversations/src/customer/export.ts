import type { Knex } from "knex";
import type { ConversationRow, HistoryEntry, Receipt } from "@fio/contracts";
import { readHistory } from "../store/queries/history.ts";
import { readThread } from "../store/queries/thread.ts";

const PAGE = 500;

/** One line of an export: what is known of a conversation, then everything that was ever sent about it. */
export type ExportLine =
  | { kind: "conversation"; conversation: Omit<ConversationRow, "activity_at"> & Record<string, unknown> }
  | ({ kind: "event"; conversation_id: string } & HistoryEntry);

/**
 * All that the store holds of a conversation, page by page: its row, then its events with their outcomes, newest receipt
 * first. None when none was created under this id, or it is erased. `overdue` as for the history.
 */
export async function* exportConversation(
  db: Knex,
  { id, overdue }: { id: string; overdue: Receipt },
): AsyncGenerator<ExportLine> {
  const thread = await readThread(db, { id, limit: 1 });
  if (thread.kind !== "read") return;
  const { messages: _, ...conversation } = thread.conversation;
  yield { kind: "conversation", conversation };
  for (let before: [Receipt] | undefined; ;) {
    const page = await readHistory(db, {
      ...{ id, limit: PAGE, overdue },
      ...(before === undefined ? {} : { before }),
    });
    for (const entry of page?.items ?? []) yield { kind: "event", conversation_id: id, ...entry };
    if (page === null || page.next === null) return;
    before = page.next;
  }
}
