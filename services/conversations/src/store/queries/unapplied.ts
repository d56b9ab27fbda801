import type { Knex } from "knex";
import type { AcceptedEvent, Receipt, RejectionReason, WebhookEvent } from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";

/** Events that failed by our own fault, receipts in `[from, to)`, lowest first. Straight from an index. */
export async function internalErrors(
  db: Knex,
  { from, to, limit }: { from: Receipt; to: Receipt; limit: number },
): Promise<AcceptedEvent[]> {
  const rows = await db("unapplied_events")
    .where({ reason: "INTERNAL_ERROR" })
    .where("receipt", ">=", from)
    .where("receipt", "<", to)
    .orderBy("receipt")
    .limit(limit)
    .select<Array<{ receipt: StoredReceipt; event: string }>>("receipt", "event");
  return rows.map(({ receipt, event }) => ({
    receipt: receiptFrom(receipt),
    event: JSON.parse(event) as WebhookEvent,
  }));
}

/** The event that is kept unapplied under a receipt, and why; `null` when there is none. */
export async function unappliedEvent(
  db: Knex,
  receipt: Receipt,
): Promise<{ event: WebhookEvent; reason: RejectionReason } | null> {
  const row = await db("unapplied_events")
    .where({ receipt })
    .first<{ event: string; reason: RejectionReason } | undefined>("event", "reason");
  return row === undefined ? null : { event: JSON.parse(row.event) as WebhookEvent, reason: row.reason };
}
