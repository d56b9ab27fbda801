import type { Receipt } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { query, type Statement } from "./sql.ts";

/* What is old enough to go: found page by page, each straight from an index, however much is stored. */

/**
 * Gives a row when something happened in a conversation from this receipt on, or something of it waits for somebody: it is
 * open, a late message was not seen to, an answer has not left, or events have not got their outcome.
 */
export function anyActivity(conversation: string, from: Receipt): Statement {
  return {
    name: "any_activity",
    sql: `select 1 as one where exists (select 1 from conversations where id = ? and state is not null
          and (state <> 'CLOSED' or waiting_since is not null or unsettled_above is not null or highest_receipt >= ?))
        or exists (select 1 from unapplied_events where conversation_id = ? and receipt >= ?)
        or exists (select 1 from resolutions where conversation_id = ? and act_receipt >= ?)
        or exists (select 1 from delivery_lanes where conversation_id = ?)`,
    values: [conversation, from, conversation, from, conversation, from, conversation],
  };
}

/** Where a walk over {@link quietConversations} stands. */
export type QuietKey = { receipt: Receipt; id: string };

type Found = { store: Store; before: Receipt; limit: number };

/** Closed conversations with nothing applied from `before` on, the longest quiet first. */
export async function quietConversations({
  store,
  before,
  after,
  limit,
}: Found & { after: QuietKey }): Promise<QuietKey[]> {
  const rows = await query<{ id: string; highest_receipt: StoredReceipt }>(
    { dialect: store.dialect, knex: store.read },
    {
      name: "quiet_conversations",
      sql: `select id, highest_receipt from conversations
        where state = 'CLOSED' and waiting_since is null
          and (highest_receipt, id) > (?, ?) and highest_receipt < ?
        order by highest_receipt, id limit ?`,
      values: [after.receipt, after.id, before, limit],
    },
  );
  return rows.map((row) => ({ id: row.id, receipt: receiptFrom(row.highest_receipt) }));
}

/** Under these reasons lies what may belong to no conversation. */
export const HOMELESS_REASONS = ["CONVERSATION_NOT_FOUND", "INTERNAL_ERROR"] as const;

export type Homeless = { receipt: Receipt; conversation: string; isUpdate: boolean; isHomeless: boolean };

/** Events that were accepted before `before` and are kept unapplied, oldest first; `isHomeless`: their conversation was never created. */
export async function oldUnapplied({
  store,
  reason,
  before,
  after,
  limit,
}: Found & { reason: (typeof HOMELESS_REASONS)[number]; after: Receipt }): Promise<Homeless[]> {
  // By comparing rows on Postgres, see queries/index-range.ts.
  const next =
    store.dialect === "postgres"
      ? {
          sql: "(reason, receipt) > (?, ?) and reason <= ? order by reason, receipt",
          values: [reason, after, reason],
        }
      : { sql: "reason = ? and receipt > ? order by receipt", values: [reason, after] };
  const rows = await query<{
    receipt: StoredReceipt;
    conversation_id: string;
    type: string;
    is_created: string | number;
  }>(
    { dialect: store.dialect, knex: store.read },
    {
      name: "old_unapplied",
      sql: `select receipt, conversation_id, type,
          (select count(*) from conversations where id = conversation_id and state is not null) as is_created
        from unapplied_events
        where ${next.sql} limit ?`,
      values: [...next.values, limit],
    },
  );
  return rows
    .map((row) => ({
      receipt: receiptFrom(row.receipt),
      conversation: row.conversation_id,
      isUpdate: row.type === "UPDATE_CONTACT",
      isHomeless: Number(row.is_created) === 0,
    }))
    .filter(({ receipt }) => receipt < before);
}

/** Updates about customers that failed by our own fault, and that nobody has tried again. */
export async function deleteOldUpdates(store: Store, receipt: Receipt): Promise<void> {
  await query(
    { dialect: store.dialect, knex: store.write },
    {
      name: "delete_old_update",
      sql: "delete from unapplied_events where receipt = ? and type = 'UPDATE_CONTACT'",
      values: [receipt],
    },
  );
}
