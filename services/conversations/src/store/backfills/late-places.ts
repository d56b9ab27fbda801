import type { WebhookEvent } from "@fio/contracts";
import { latePlaceOf } from "../late-messages.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { asRows, query, rowsOf, type Connection } from "../sql.ts";
import type { Backfill } from "./backfill.ts";

/**
 * Gives customers' messages that workers of the version before refused because of a close their late place. Since when
 * their conversations wait, the backfill of those finds out.
 */
export const latePlaces: Backfill = {
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
    await placeBetween(connection, after ?? "0", end);
    return { next: receipts.length < limit ? null : end, rows: receipts.length };
  },
};

async function placeBetween(connection: Connection, after: string, end: string): Promise<void> {
  const { dialect } = connection;
  const rows = await query<{ receipt: StoredReceipt; event: string }>(connection, {
    name: "backfill_unplaced",
    // Waits for nobody, since a worker that has a row in hand may want one that is in hand here: it gives it its place.
    sql: `select receipt, event from unapplied_events
      where receipt > ? and receipt <= ? and late_place is null and resolved is null
        and reason = 'CONVERSATION_CLOSED' and type = 'NEW_MESSAGE'
      ${dialect === "postgres" ? "for update skip locked" : ""}`,
    values: [after, end],
  });
  const late = rows.flatMap((row) => {
    const receipt = receiptFrom(row.receipt);
    const event = JSON.parse(row.event) as WebhookEvent;
    const place = latePlaceOf({ receipt, event, reason: "CONVERSATION_CLOSED" });
    return place === null ? [] : [{ receipt, place }];
  });
  if (late.length === 0) return;
  await query(connection, {
    name: "backfill_late_places",
    sql: `update unapplied_events set late_place = late.place
      from ${rowsOf(dialect, "late", { receipt: "bigint", place: "text" })}
      where unapplied_events.receipt = late.receipt`,
    values: [asRows(late)],
  });
}
