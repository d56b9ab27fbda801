import type { Knex } from "knex";
import {
  rejectionReason,
  receiptOf,
  type Receipt,
  type Rejection,
  type RejectionReason,
} from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { newestBelow } from "./index-range.ts";
import { ABOVE_ALL_RECEIPTS, pageOf, type Page, type ReceiptKey } from "./page.ts";
import { rawRows } from "./raw.ts";
import { eventFrom } from "./rows.ts";

type Row = {
  receipt: StoredReceipt;
  conversation_id: string;
  event: string;
  reason: RejectionReason;
  detail: string | null;
};

/**
 * What was refused, newest receipt first; what waits for its conversation only once it is overdue.
 *
 * A branch for each reason, since each has its end in an index: a filter would have to pass over all that still waits.
 */
export async function listRejections(
  db: Knex,
  {
    conversation,
    reasons = rejectionReason.options,
    limit,
    before,
    overdue,
  }: {
    conversation?: string;
    /** Distinct; all when left out. */
    reasons?: readonly RejectionReason[];
    limit: number;
    before?: ReceiptKey;
    overdue: Receipt;
  },
): Promise<Page<Rejection, ReceiptKey>> {
  const below = before?.[0] ?? ABOVE_ALL_RECEIPTS;
  const afterOverdue = receiptOf(BigInt(overdue) + 1n);
  const branch = (of: RejectionReason): string => {
    const range = newestBelow(db, {
      columns: [...(conversation === undefined ? [] : ["conversation_id"]), "reason"],
      values: [...(conversation === undefined ? [] : [":conversation"]), `'${of}'`],
      below: of === "CONVERSATION_NOT_FOUND" ? ":waiting" : ":below",
    });
    return `select * from (
  select receipt, conversation_id, event, reason, detail from unapplied_events
    where ${range} limit :limit) as "${of}"`;
  };
  const rows = await rawRows<Row>(
    db,
    `${reasons.map(branch).join("\nunion all\n")}\norder by receipt desc limit :limit`,
    {
      below,
      waiting: below < afterOverdue ? below : afterOverdue,
      limit: limit + 1,
      ...(conversation === undefined ? {} : { conversation }),
    },
  );
  return pageOf(rows, {
    limit,
    item: rejectionFrom,
    key: (row): ReceiptKey => [receiptFrom(row.receipt)],
  });
}

function rejectionFrom({ receipt, conversation_id, event, reason, detail }: Row): Rejection {
  return {
    receipt: receiptFrom(receipt),
    conversation_id,
    event: eventFrom(event),
    reason,
    ...(detail === null ? {} : { detail }),
  };
}
