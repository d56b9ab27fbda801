import { isDeepStrictEqual } from "node:util";
import { readUnanswered } from "../load-unanswered.ts";
import { STORED_CONVERSATION_COLUMNS, storedConversationFrom, type StoredConversationRow } from "../rows.ts";
import { query } from "../sql.ts";
import { NOTHING_UNANSWERED } from "../unanswered.ts";
import { BELOW_ALL_IDS, type Backfill } from "./backfill.ts";
import { lockConversations, refreshConversations } from "./refresh-conversations.ts";

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
      const stored = rows.map(storedConversationFrom);
      const found = await readUnanswered(connection, stored);
      const wrong = stored
        .filter(
          ({ record, unanswered: is }) => !isDeepStrictEqual(is, found.get(record.id) ?? NOTHING_UNANSWERED),
        )
        .map(({ record }) => record.id);
      if (wrong.length > 0) {
        await lockConversations(connection, wrong);
        await refreshConversations(connection, wrong, now());
      }
      return { next: rows.length < limit ? null : (rows.at(-1)?.id ?? null), rows: rows.length };
    },
  };
}
