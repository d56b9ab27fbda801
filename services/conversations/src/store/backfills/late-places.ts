import type { Timestamp, WebhookEvent } from "@fio/contracts";
import { latePlaceOf } from "../late-messages.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { among, asList, asRows, query, rowsOf, type Connection } from "../sql.ts";
import type { Backfill } from "./backfill.ts";
import { lockConversations, refreshConversations } from "./refresh-conversations.ts";

type Row = { receipt: StoredReceipt; conversation_id: string; event: string };

/** Of messages that workers of the version before refused because of a close those that no agent has seen to. */
const UNPLACED =
  "late_place is null and resolved is null and reason = 'CONVERSATION_CLOSED' and type = 'NEW_MESSAGE'";

/** Gives customers' messages their late place, and their conversations since when those wait. */
export function latePlaces({ now = Date.now }: { now?: () => number } = {}): Backfill {
  return {
    name: "late-places",
    step: async (connection, { after, limit }) => {
      const receipts = await query<{ receipt: StoredReceipt }>(connection, {
        name: "backfill_kept_receipts",
        sql: "select receipt from unapplied_events where receipt > ? order by receipt limit ?",
        values: [after ?? "0", limit],
      });
      const last = receipts.at(-1);
      if (last === undefined) return { next: null, rows: 0 };
      const end = receiptFrom(last.receipt);
      const rows = await query<Row>(connection, {
        name: "backfill_unplaced",
        sql: `select receipt, conversation_id, event from unapplied_events
          where receipt > ? and receipt <= ? and ${UNPLACED}`,
        values: [after ?? "0", end],
      });
      const late = rows.filter((row) => placeOfRow(row) !== null);
      if (late.length > 0) await place(connection, late, now());
      return { next: receipts.length < limit ? null : end, rows: receipts.length };
    },
  };
}

const placeOfRow = ({ receipt, event }: Row): Timestamp | null =>
  latePlaceOf({
    receipt: receiptFrom(receipt),
    event: JSON.parse(event) as WebhookEvent,
    reason: "CONVERSATION_CLOSED",
  });

async function place(connection: Connection, late: readonly Row[], now: number): Promise<void> {
  const { dialect } = connection;
  const conversations = [...new Set(late.map(({ conversation_id }) => conversation_id))];
  await lockConversations(connection, conversations);
  // Read again under the lock: a worker may have found another reason meanwhile.
  const held = await query<Row>(connection, {
    name: "backfill_unplaced_held",
    sql: `select receipt, conversation_id, event from unapplied_events
      where ${among(dialect, "receipt", "bigint")} and ${UNPLACED}`,
    values: [
      asList(
        dialect,
        late.map(({ receipt }) => receiptFrom(receipt)),
      ),
    ],
  });
  await query(connection, {
    name: "backfill_late_places",
    sql: `update unapplied_events set late_place = late.place
      from ${rowsOf(dialect, "late", { receipt: "bigint", place: "text" })}
      where unapplied_events.receipt = late.receipt`,
    values: [asRows(held.map((row) => ({ receipt: receiptFrom(row.receipt), place: placeOfRow(row) })))],
  });
  await refreshConversations(connection, conversations, now);
}
