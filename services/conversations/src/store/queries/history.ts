import type { Knex } from "knex";
import type {
  Direction,
  EventType,
  HistoryEntry,
  Receipt,
  RejectionReason,
  ShownEvent,
  Timestamp,
} from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { stateOf } from "./conversations.ts";
import { newestBelow } from "./index-range.ts";
import { ABOVE_ALL_RECEIPTS, pageOf, type Page, type ReceiptKey } from "./page.ts";
import { rawRows } from "./raw.ts";
import { reported } from "./reported.ts";
import { eventFrom, factEvent } from "./rows.ts";

/** Of an applied event the columns it was taken apart into; of an unapplied one `event` and `reason`. */
type Row = {
  type: EventType;
  receipt: StoredReceipt;
  event_id: string;
  timestamp: Timestamp | null;
  direction: Direction | null;
  content: string | null;
  event: string | null;
  reason: RejectionReason | null;
  detail: string | null;
};

/*
 * Each branch stops after a page's worth of its own index, so that the cost does not grow with the conversation. One
 * statement: between two, an event could go from the one table to the other and be told twice or not at all.
 */
const history = (ofConversation: string): string => `
select 'NEW_CONVERSATION' as type, created_receipt as receipt, id as event_id, created_at as timestamp,
  null as direction, null as content, null as event, null as reason, null as detail
  from conversations where id = :id and created_receipt < :before
union all
select 'CLOSE_CONVERSATION', closed_receipt, id, closed_at, null, null, null, null, null
  from conversations where id = :id and closed_receipt < :before
union all
select * from (
  select 'NEW_MESSAGE', receipt, id, coalesce(sent_at, timestamp), direction, content, null, null, null
    from messages where ${ofConversation} limit :limit) as applied
union all
select * from (
  select type, receipt, event_id, null, null, null, event, reason, detail
    from unapplied_events where ${ofConversation} limit :limit) as unapplied
order by receipt desc limit :limit`;

/** Every event of a conversation that is kept, newest receipt first; `null` when none was created under this id. */
export async function readHistory(
  db: Knex,
  { id, limit, before, overdue }: { id: string; limit: number; before?: ReceiptKey; overdue: Receipt },
): Promise<Page<HistoryEntry, ReceiptKey> | null> {
  if ((await stateOf(db, id)) === null) return null;
  const ofConversation = newestBelow(db, { columns: ["conversation_id"], values: [":id"], below: ":before" });
  const rows = await rawRows<Row>(db, history(ofConversation), {
    id,
    before: before?.[0] ?? ABOVE_ALL_RECEIPTS,
    limit: limit + 1,
  });
  return pageOf(rows, {
    limit,
    item: (row) => entryFrom(row, { conversationId: id, overdue }),
    key: (row): ReceiptKey => [receiptFrom(row.receipt)],
  });
}

function entryFrom(
  row: Row,
  { conversationId, overdue }: { conversationId: string; overdue: Receipt },
): HistoryEntry {
  const receipt = receiptFrom(row.receipt);
  if (row.event !== null && row.reason !== null) {
    const { reason, detail } = row;
    return { receipt, event: eventFrom(row.event), ...reported({ receipt, reason, detail }, overdue) };
  }
  return { receipt, event: appliedEvent(row, conversationId), outcome: "applied" };
}

function appliedEvent(
  { type, event_id: id, timestamp, direction, content }: Row,
  conversationId: string,
): ShownEvent {
  if (timestamp === null) throw new Error(`${type} ${id} was applied without a timestamp`);
  if (type !== "NEW_MESSAGE") return factEvent(type, { id, timestamp });
  return {
    type,
    timestamp,
    data: { id, direction: direction ?? "", content: content ?? "", conversation_id: conversationId },
  };
}
