import type { Receipt } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { UNSEEN } from "./delivery-statements.ts";
import { receiptFrom } from "./rows.ts";
import { among, asList, query } from "./sql.ts";

/** Conversations with something to send that nobody has in hand, those that have waited longest first. */
export async function dueConversations(
  store: Store,
  { now, limit }: { now: number; limit: number },
): Promise<Array<{ conversation: string; dueAt: number }>> {
  const rows = await query<{ conversation_id: string; due_at: string | number }>(
    { dialect: store.dialect, knex: store.read },
    {
      name: "due_lanes",
      sql: "select conversation_id, due_at from delivery_lanes where due_at <= ? order by due_at limit ?",
      values: [now, limit],
    },
  );
  return rows.map(({ conversation_id, due_at }) => ({
    conversation: conversation_id,
    dueAt: Number(due_at),
  }));
}

/** Those of these receipts under which something of the conversation is stored, applied or not. */
export async function knownReceipts(
  { dialect, read }: Store,
  conversation: string,
  receipts: readonly Receipt[],
): Promise<Set<Receipt>> {
  const list = asList(dialect, receipts);
  const rows = await query<{ receipt: string | number }>(
    { dialect, knex: read },
    {
      name: "known_receipts",
      sql: `select receipt from messages where conversation_id = ? and ${among(dialect, "receipt", "bigint")}
        union all select receipt from unapplied_events where ${among(dialect, "receipt", "bigint")}`,
      values: [conversation, list, list],
    },
  );
  return new Set(rows.map(({ receipt }) => receiptFrom(receipt)));
}

/** No more are counted. */
const MOST_COUNTED = 10_000;

/** What waits, and what failed and nobody has seen to, each counted up to {@link MOST_COUNTED}; `oldestAt` in milliseconds since 1970. */
export async function readUndelivered(
  store: Store,
): Promise<{ waiting: number; failed: number; oldestAt: number | null }> {
  const [row] = await query<Record<"waiting" | "failed" | "oldest_at", string | number | null>>(
    { dialect: store.dialect, knex: store.read },
    {
      name: "undelivered",
      sql: `select
          (select count(*) from (select 1 from deliveries where state = 'waiting' limit ?) as counted) as waiting,
          (select count(*) from (select 1 from deliveries where ${UNSEEN} limit ?) as counted) as failed,
          (select created_at from deliveries where state = 'waiting' order by created_at limit 1) as oldest_at`,
      values: [MOST_COUNTED, MOST_COUNTED],
    },
  );
  const oldest = row?.oldest_at ?? null;
  return {
    waiting: Number(row?.waiting ?? 0),
    failed: Number(row?.failed ?? 0),
    oldestAt: oldest === null ? null : Number(oldest),
  };
}
