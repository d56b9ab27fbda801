import type { Knex } from "knex";
import {
  isWaiting,
  rejectionReason,
  receiptOf,
  type Receipt,
  type Rejection,
  type RejectionReason,
} from "@fio/contracts";
import { actColumns, resolutionOf, type ActColumns, type RefusedRow } from "../resolution-statements.ts";
import { deliveryColumn, deliveryFrom } from "../delivery-statements.ts";
import { receiptFrom } from "../rows.ts";
import { newestBelow } from "./index-range.ts";
import { ABOVE_ALL_RECEIPTS, pageOf, type Page, type ReceiptKey } from "./page.ts";
import { rawRows } from "./raw.ts";
import { reported } from "./reported.ts";
import { eventFrom } from "./rows.ts";
import { isHidden, seenPage, type Sight } from "./sight.ts";

type Row = RefusedRow & ActColumns & { delivery: string | null };

/** SQL: of a table of unapplied events what {@link Row} holds. */
const withResolutions = (unapplied: string): string =>
  `select page.*, ${actColumns("page.receipt", "page.conversation_id")},
    case when reason = 'CONVERSATION_CLOSED' then ${deliveryColumn("page.event_id", "page.conversation_id")} end as delivery
    from (${unapplied}) as page`;

/**
 * SQL: which events of a reason an agent has yet to see to, in the words of the indexes of migration 012. Nobody waits for
 * anything about what was refused for another reason.
 */
const UNRESOLVED: Partial<Record<RejectionReason, string>> = {
  CONVERSATION_CLOSED: "late_place is not null",
  INTERNAL_ERROR: "resolved is null and reason in ('INTERNAL_ERROR', 'CONVERSATION_NOT_FOUND')",
  CONVERSATION_NOT_FOUND: "resolved is null and reason in ('INTERNAL_ERROR', 'CONVERSATION_NOT_FOUND')",
};

type Asked = {
  conversation?: string;
  /** Distinct; all when left out. */
  reasons?: readonly RejectionReason[];
  /** Only what an agent has yet to see to. */
  unresolved?: boolean;
  limit: number;
  before?: ReceiptKey;
  overdue: Receipt;
};

/** What was refused, newest receipt first, in conversations that may be seen; what waits only once it is overdue. */
export async function listRejections(
  db: Knex,
  { sight = null, limit, before, ...asked }: Asked & { sight?: Sight },
): Promise<Page<Rejection, ReceiptKey>> {
  const { conversation } = asked;
  if (conversation !== undefined && sight !== null) {
    if (await isHidden(db, sight, conversation)) return { items: [], next: null };
    return readRejections(db, { ...asked, limit, before });
  }
  return seenPage(db, sight, {
    limit,
    before,
    read: (page) => readRejections(db, { ...asked, ...page }),
    keyOf: ({ receipt }): ReceiptKey => [receipt],
  });
}

/**
 * A branch for each reason, since each has its end in an index: a filter would have to pass over all that still waits.
 */
async function readRejections(
  db: Knex,
  {
    conversation,
    reasons = rejectionReason.options,
    unresolved = false,
    limit,
    before,
    overdue,
  }: Omit<Asked, "before"> & { before?: ReceiptKey | undefined },
): Promise<Page<Rejection, ReceiptKey>> {
  const below = before?.[0] ?? ABOVE_ALL_RECEIPTS;
  const afterOverdue = receiptOf(BigInt(overdue) + 1n);
  const wanted = unresolved ? reasons.filter((reason) => reason in UNRESOLVED) : reasons;
  if (wanted.length === 0) return { items: [], next: null };
  const branch = (of: RejectionReason): string => {
    const isLate = unresolved && of === "CONVERSATION_CLOSED";
    const range = newestBelow(db, {
      columns: [...(conversation === undefined ? [] : ["conversation_id"]), ...(isLate ? [] : ["reason"])],
      values: [...(conversation === undefined ? [] : [":conversation"]), ...(isLate ? [] : [`'${of}'`])],
      below: isWaiting(of) ? ":waiting" : ":below",
    });
    return `select * from (
  select receipt, conversation_id, event_id, event, reason, detail from unapplied_events
    where ${unresolved ? `${UNRESOLVED[of] ?? "false"} and ` : ""}${range} limit :limit) as "${of}"`;
  };
  const rows = await rawRows<Row>(
    db,
    `${withResolutions(`${wanted.map(branch).join("\nunion all\n")}\norder by receipt desc limit :limit`)}
order by receipt desc`,
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

/** What was refused under this receipt; `null` when nothing was, or only waits within the grace. */
export async function readRejection(
  db: Knex,
  { receipt, overdue, sight = null }: { receipt: Receipt; overdue: Receipt; sight?: Sight },
): Promise<Rejection | null> {
  const [row] = await rawRows<Row>(
    db,
    withResolutions(
      "select receipt, conversation_id, event_id, event, reason, detail from unapplied_events where receipt = :receipt",
    ),
    { receipt },
  );
  if (row === undefined || (await isHidden(db, sight, row.conversation_id))) return null;
  const rejection = rejectionFrom(row);
  return reported({ ...row, receipt }, overdue).outcome === "waiting" ? null : rejection;
}

/** Whether what is kept unapplied under a receipt is of a conversation that may not be seen. */
export async function isHiddenRefusal(db: Knex, sight: Sight, receipt: Receipt): Promise<boolean> {
  const row = await db("unapplied_events")
    .where({ receipt })
    .first<{ conversation_id: string } | undefined>("conversation_id");
  return row !== undefined && isHidden(db, sight, row.conversation_id);
}

function rejectionFrom({
  receipt,
  conversation_id,
  event,
  reason,
  detail,
  delivery,
  ...resolution
}: Row): Rejection {
  return {
    receipt: receiptFrom(receipt),
    conversation_id,
    event: eventFrom(event),
    reason,
    ...(detail === null ? {} : { detail }),
    resolution: resolutionOf(resolution),
    ...deliveryFrom(delivery),
  };
}
