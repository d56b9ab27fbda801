import type { Knex } from "knex";
import {
  conversationState,
  type ConversationRow,
  type ConversationState,
  type Timestamp,
} from "@fio/contracts";
import { pageOf, type Page } from "./page.ts";
import { rawRows } from "./raw.ts";
import { CONVERSATION_COLUMNS, conversationFrom, type ConversationColumns } from "./rows.ts";

/** The place of a conversation in the list. */
export type ActivityKey = [activityAt: Timestamp, id: string];

/**
 * Newest activity first.
 *
 * A branch for each state, since each has its end in the index (state, activity_at, id). There is no index by activity
 * alone: the planner would walk it and pass over all that is in the other state.
 */
export async function listConversations(
  db: Knex,
  { state, limit, before }: { state?: ConversationState; limit: number; before?: ActivityKey },
): Promise<Page<ConversationRow, ActivityKey>> {
  const branch = (of: ConversationState): string => `select * from (
  select ${CONVERSATION_COLUMNS.join(", ")} from conversations
    where state = '${of}' ${before === undefined ? "" : "and (activity_at, id) < (:activity, :id)"}
    order by activity_at desc, id desc limit :limit) as "${of}"`;
  const states = state === undefined ? conversationState.options : [state];
  const rows = await rawRows<ConversationColumns>(
    db,
    `${states.map(branch).join("\nunion all\n")}\norder by activity_at desc, id desc limit :limit`,
    { limit: limit + 1, ...(before === undefined ? {} : { activity: before[0], id: before[1] }) },
  );
  return pageOf(rows, { limit, item: conversationFrom, key: (row) => [row.activity_at, row.id] });
}

/** Of all conversations: no message is newer. `null` where there are none. */
export async function newestActivity(db: Knex): Promise<Timestamp | null> {
  const newest = conversationState.options.map(
    (of) => `select max(activity_at) as activity_at from conversations where state = '${of}'`,
  );
  const rows = await rawRows<{ activity_at: Timestamp | null }>(db, newest.join(" union all "), {});
  return (
    rows
      .flatMap(({ activity_at }) => activity_at ?? [])
      .toSorted()
      .at(-1) ?? null
  );
}

/** The state of a conversation; `null` when none was created under this id. */
export async function stateOf(db: Knex, id: string): Promise<ConversationState | null> {
  const row = await db("conversations")
    .where({ id })
    .first<{ state: ConversationState | null } | undefined>("state");
  return row?.state ?? null;
}
