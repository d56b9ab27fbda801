import type { Knex } from "knex";
import type { Receipt, RejectionReason, WebhookEvent } from "@fio/contracts";

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
