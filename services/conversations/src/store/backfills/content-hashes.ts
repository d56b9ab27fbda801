import type { WebhookEvent } from "@fio/contracts";
import { contentHash } from "../content-hash.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { asRows, query, rowsOf, type Connection } from "../sql.ts";
import type { Backfill } from "./backfill.ts";

/**
 * Gives unapplied events from before migration 004 the hash by which an equal one is found. Until then they are found
 * without it, at a cost that grows with their number.
 */
export const contentHashes: Backfill = {
  name: "content-hashes",
  step: async (connection, { after, limit }) => {
    const receipts = await query<{ receipt: StoredReceipt }>(connection, {
      name: "backfill_receipts",
      sql: "select receipt from unapplied_events where receipt > ? order by receipt limit ?",
      values: [after ?? "0", limit],
    });
    const last = receipts.at(-1);
    if (last === undefined) return { next: null, rows: 0 };
    const end = receiptFrom(last.receipt);
    await hashBetween(connection, after ?? "0", end);
    return { next: receipts.length < limit ? null : end, rows: receipts.length };
  },
};

async function hashBetween(connection: Connection, after: string, end: string): Promise<void> {
  const { dialect } = connection;
  const rows = await query<{ receipt: StoredReceipt; event: string }>(connection, {
    name: "backfill_unhashed",
    // Waits for nobody, since a worker that has a row in hand may want one that is in hand here: those are found without
    // a hash, and get theirs at the second walk.
    sql: `select receipt, event from unapplied_events
      where receipt > ? and receipt <= ? and content_hash is null and reason <> 'INTERNAL_ERROR'
      ${dialect === "postgres" ? "for update skip locked" : ""}`,
    values: [after, end],
  });
  if (rows.length === 0) return;
  const hashes = rows.map(({ receipt, event }) => ({
    receipt: receiptFrom(receipt),
    hash: contentHash(JSON.parse(event) as WebhookEvent),
  }));
  await query(connection, {
    name: "backfill_hashes",
    sql: `update unapplied_events set content_hash = hashed.hash
      from ${rowsOf(dialect, "hashed", { receipt: "bigint", hash: "text" })}
      where unapplied_events.receipt = hashed.receipt`,
    values: [asRows(hashes)],
  });
}
