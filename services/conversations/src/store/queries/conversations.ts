import type { Knex } from "knex";
import type { ConversationRow, ConversationState, Timestamp } from "@fio/contracts";
import { pageOf, type Page } from "./page.ts";
import { CONVERSATION_COLUMNS, conversationFrom, type ConversationColumns } from "./rows.ts";

/** The place of a conversation in the list. */
export type ActivityKey = [activityAt: Timestamp, id: string];

/** Newest activity first. */
export async function listConversations(
  db: Knex,
  { state, limit, before }: { state?: ConversationState; limit: number; before?: ActivityKey },
): Promise<Page<ConversationRow, ActivityKey>> {
  const query = db("conversations")
    .select<Array<ConversationColumns & { activity_at: Timestamp }>>(...CONVERSATION_COLUMNS, "activity_at")
    // Placeholders have none; said like this, the index leaves them out, where they may be many.
    .where("activity_at", ">", "")
    .orderBy([
      { column: "activity_at", order: "desc" },
      { column: "id", order: "desc" },
    ])
    .limit(limit + 1);
  if (state === undefined) void query.whereNotNull("state");
  else void query.where("state", state);
  if (before !== undefined) void query.whereRaw("(activity_at, id) < (?, ?)", before);
  return pageOf(await query, { limit, item: conversationFrom, key: (row) => [row.activity_at, row.id] });
}

/** The state of a conversation; `null` when none was created under this id. */
export async function stateOf(db: Knex, id: string): Promise<ConversationState | null> {
  const row = await db("conversations")
    .where({ id })
    .first<{ state: ConversationState | null } | undefined>("state");
  return row?.state ?? null;
}
