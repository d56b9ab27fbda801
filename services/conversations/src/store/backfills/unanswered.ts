import { STORED_CONVERSATION_COLUMNS, type StoredConversationRow } from "../rows.ts";
import { query } from "../sql.ts";
import { BELOW_ALL_IDS, type Backfill } from "./backfill.ts";
import { refreshUnanswered } from "./refresh-unanswered.ts";

/** Workers of the version before do not write since when a customer waits, nor what it takes to keep that. */
export function unanswered({ now = Date.now }: { now?: () => number } = {}): Backfill {
  return {
    name: "unanswered",
    step: async (connection, { after, limit }) => {
      const rows = await query<StoredConversationRow>(connection, {
        name: "backfill_unanswered_page",
        sql: `select ${STORED_CONVERSATION_COLUMNS} from conversations where id > ? order by id limit ?`,
        values: [after ?? BELOW_ALL_IDS, limit],
      });
      await refreshUnanswered(connection, rows, now());
      return { next: rows.length < limit ? null : (rows.at(-1)?.id ?? null), rows: rows.length };
    },
  };
}
