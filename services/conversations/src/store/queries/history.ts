import type { Knex } from "knex";
import type {
  ContactSaid,
  Direction,
  HistoryEntry,
  PostedType,
  Receipt,
  RejectionReason,
  ShownEvent,
  Timestamp,
} from "@fio/contracts";
import { actColumns, resolutionOf, type ActColumns } from "../resolution-statements.ts";
import {
  authorFrom,
  mediaFrom,
  receiptFrom,
  type AuthorColumns,
  type MediaColumn,
  type StoredReceipt,
} from "../rows.ts";
import { stateOf } from "./conversations.ts";
import { newestBelow } from "./index-range.ts";
import { ABOVE_ALL_RECEIPTS, pageOf, type Page, type ReceiptKey } from "./page.ts";
import { rawRows } from "./raw.ts";
import { reported } from "./reported.ts";
import { eventFrom, factEvent } from "./rows.ts";

/**
 * Of an applied event the columns it was taken apart into, of a creation its contact as `content`; of an unapplied one `event` and `reason`, and what agents did
 * about it; of such an act what it is about; of an assignment its agent as author. `detail` also of an applied status.
 */
type Row = ActColumns &
  AuthorColumns &
  MediaColumn & {
    type: PostedType;
    receipt: StoredReceipt;
    event_id: string;
    timestamp: Timestamp | null;
    direction: Direction | null;
    content: string | null;
    event: string | null;
    reason: RejectionReason | null;
    detail: string | null;
    refused_receipt: StoredReceipt | null;
    act_how: "seen" | "carried" | null;
    act_carried_to: string | null;
    status: string | null;
  };

/* With types: of two branches that say null alone, Postgres makes text. */
const NO_ACT = `cast(null as bigint) as refused_receipt, cast(null as text) as act_how,
    cast(null as uuid) as act_carried_to, cast(null as text) as status`;

/*
 * Each branch stops after a page's worth of its own index, so that the cost does not grow with the conversation. One
 * statement: between two, an event could go from the one table to the other and be told twice or not at all.
 */
const history = (ofConversation: string): string => `
select page.*, ${actColumns("page.receipt", ":id")} from (
  select 'NEW_CONVERSATION' as type, created_receipt as receipt, id as event_id, created_at as timestamp,
    null as direction, contact as content, null as author_id, null as author_name,
    null as media, null as event, null as reason, null as detail, ${NO_ACT}
    from conversations where id = :id and created_receipt < :before
  union all
  select 'CLOSE_CONVERSATION', closed_receipt, id, closed_at, null, null, null, null, null, null, null, null, ${NO_ACT}
    from conversations where id = :id and closed_receipt < :before
  union all
  select * from (
    select 'NEW_MESSAGE', receipt, id, coalesce(sent_at, timestamp), direction, content, author_id, author_name, media,
      null, null, null, ${NO_ACT}
      from messages where ${ofConversation} limit :limit) as applied
  union all
  select * from (
    select type, receipt, event_id, null, null, null, null, null, null, event, reason, detail, ${NO_ACT}
      from unapplied_events where ${ofConversation} limit :limit) as unapplied
  union all
  select * from (
    select 'RESOLVE_REJECTION', receipt, conversation_id, timestamp, null, null, null, null, null, null, null, null,
      refused_receipt, how, carried_to, null
      from (select act_receipt as receipt, conversation_id, timestamp, refused_receipt, how, carried_to
        from resolutions) as acts
      where ${ofConversation} limit :limit) as acts
  union all
  select * from (
    select 'MESSAGE_STATUS', receipt, message_id, timestamp, null, null, null, null, null, null, null, detail,
      cast(null as bigint), null, cast(null as uuid), status
      from message_statuses where ${ofConversation} limit :limit) as statuses
  union all
  select * from (
    select 'ASSIGN_CONVERSATION', receipt, conversation_id, timestamp, null, null, agent_id, agent_name, null, null, null, null,
      ${NO_ACT}
      from assignments where ${ofConversation} limit :limit) as assignments
  order by receipt desc limit :limit) as page
order by page.receipt desc`;

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
    const resolution = resolutionOf(row);
    return {
      receipt,
      event: eventFrom(row.event),
      ...reported({ receipt, reason, detail }, overdue),
      ...(resolution === null ? {} : { resolution }),
    };
  }
  return { receipt, event: appliedEvent(row, conversationId), outcome: "applied" };
}

function appliedEvent(row: Row, conversationId: string): ShownEvent {
  const { type, event_id: id, timestamp, direction, content } = row;
  if (timestamp === null) throw new Error(`${type} ${id} was applied without a timestamp`);
  if (type === "RESOLVE_REJECTION") {
    const refused = { receipt: receiptFrom(row.refused_receipt ?? 0), conversation_id: conversationId };
    const { act_how: how, act_carried_to: carriedTo } = row;
    const data = { ...refused, how: how ?? "" };
    return { type, timestamp, data: carriedTo === null ? data : { ...data, carried_to: carriedTo } };
  }
  if (type === "ASSIGN_CONVERSATION")
    return { type, timestamp, data: { id, agent: authorFrom(row).author ?? null } };
  if (type === "MESSAGE_STATUS") {
    const data = { message_id: id, conversation_id: conversationId, status: row.status ?? "" };
    return { type, timestamp, data: row.detail === null ? data : { ...data, detail: row.detail } };
  }
  if (type === "NEW_CONVERSATION" || type === "CLOSE_CONVERSATION") {
    const contact = content === null ? null : (JSON.parse(content) as ContactSaid);
    return factEvent(type, { id, timestamp, contact });
  }
  return {
    type,
    timestamp,
    data: {
      id,
      direction: direction ?? "",
      content: content ?? "",
      conversation_id: conversationId,
      ...authorFrom(row),
      ...mediaFrom(row),
    },
  };
}
