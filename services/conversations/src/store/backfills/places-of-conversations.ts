import type { Timestamp } from "@fio/contracts";
import { activityOf } from "../conversation-after.ts";
import { STORED_CONVERSATION_COLUMNS, storedConversationFrom, type StoredConversationRow } from "../rows.ts";
import { query } from "../sql.ts";
import { BELOW_ALL_IDS, type Backfill } from "./backfill.ts";
import { lockConversations, refreshConversations } from "./refresh-conversations.ts";

type Row = StoredConversationRow & { activity_at: Timestamp | null };

/** Workers of the version before listed a conversation at its creation's timestamp even where its receipt is earlier. */
export function placesOfConversations({ now = Date.now }: { now?: () => number } = {}): Backfill {
  return {
    name: "places-of-conversations",
    step: async (connection, { after, limit }) => {
      const rows = await query<Row>(connection, {
        name: "backfill_conversation_page",
        sql: `select ${STORED_CONVERSATION_COLUMNS}, activity_at from conversations
          where id > ? order by id limit ?`,
        values: [after ?? BELOW_ALL_IDS, limit],
      });
      const misplaced = rows
        .filter(
          (row) => row.created_at !== null && row.activity_at !== activityOf(storedConversationFrom(row)),
        )
        .map(({ id }) => id);
      if (misplaced.length > 0) {
        await lockConversations(connection, misplaced);
        await refreshConversations(connection, misplaced, now());
      }
      return { next: rows.length < limit ? null : (rows.at(-1)?.id ?? null), rows: rows.length };
    },
  };
}
