import {
  receiptFrom,
  STORED_CONVERSATION_COLUMNS,
  type StoredConversationRow,
  type StoredReceipt,
} from "../rows.ts";
import { among, asList, query } from "../sql.ts";
import type { Backfill } from "./backfill.ts";
import { refreshUnanswered } from "./refresh-unanswered.ts";

type Row = { receipt: StoredReceipt; conversation_id: string; status: string };

/** Workers of the version before take a message that did not reach the phone for an answer. */
export function failedAnswers({ now = Date.now }: { now?: () => number } = {}): Backfill {
  return {
    name: "failed-answers",
    step: async (connection, { after, limit }) => {
      const { dialect } = connection;
      const rows = await query<Row>(connection, {
        name: "backfill_failed_page",
        sql: `select receipt, conversation_id, status from message_statuses
          where receipt > ? order by receipt limit ?`,
        values: [after ?? "0", limit],
      });
      const failed = rows.filter(({ status }) => status === "FAILED").map((row) => row.conversation_id);
      if (failed.length > 0) {
        const conversations = await query<StoredConversationRow>(connection, {
          name: "backfill_failed_conversations",
          sql: `select ${STORED_CONVERSATION_COLUMNS} from conversations where ${among(dialect, "id", "uuid")}`,
          values: [asList(dialect, [...new Set(failed)])],
        });
        await refreshUnanswered(connection, conversations, now());
      }
      const last = rows.at(-1);
      const isEnd = last === undefined || rows.length < limit;
      return { next: isEnd ? null : receiptFrom(last.receipt), rows: rows.length };
    },
  };
}
