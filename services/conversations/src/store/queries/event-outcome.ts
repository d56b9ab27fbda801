import type { Knex } from "knex";
import type { EventOutcome, EventType, Receipt, RejectionReason } from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { oldestFirst } from "./index-range.ts";
import { rawRows } from "./raw.ts";
import { reported } from "./reported.ts";
import { hiddenOf, type Sight } from "./sight.ts";

/** More events under one type and id than this are not listed; those with the lowest receipts are. */
const OTHERS_MAX = 100;

type Row = {
  receipt: StoredReceipt;
  conversation_id: string;
  reason: RejectionReason | null;
  detail: string | null;
};

const APPLIED: Record<EventType, string> = {
  NEW_CONVERSATION:
    "select created_receipt as receipt, id as conversation_id from conversations where id = :id and created_receipt > 0",
  CLOSE_CONVERSATION:
    "select closed_receipt as receipt, id as conversation_id from conversations where id = :id and closed_receipt > 0",
  NEW_MESSAGE: "select receipt, conversation_id from messages where id = :id",
  ASSIGN_CONVERSATION:
    "select receipt, conversation_id from assignments where conversation_id = :id order by receipt limit :limit",
  MESSAGE_STATUS:
    "select receipt, conversation_id from message_statuses where message_id = :id order by receipt limit :limit",
};

const statement = (type: EventType, unapplied: string): string => `
select receipt, conversation_id, null as reason, null as detail from (${APPLIED[type]}) as applied
union all
select * from (
  select receipt, conversation_id, reason, detail from unapplied_events
    where ${unapplied} limit :limit) as unapplied`;

/**
 * What became of the event of this type and id: of the applied one, else of the one with the lowest receipt; `null`
 * when none was accepted, none is processed yet, or none may be seen.
 */
export async function readEventOutcome(
  db: Knex,
  { type, id, overdue, sight = null }: { type: EventType; id: string; overdue: Receipt; sight?: Sight },
): Promise<EventOutcome | null> {
  const unapplied = oldestFirst(db, { columns: ["event_id", "type"], values: [":id", ":type"] });
  const rows = await rawRows<Row>(db, statement(type, unapplied), { id, type, limit: OTHERS_MAX + 1 });
  const hidden = await hiddenOf(
    db,
    sight,
    rows.map(({ conversation_id }) => conversation_id),
  );
  const [first, ...others] = rows
    .filter(({ conversation_id }) => !hidden.has(conversation_id))
    .map((row) => ({ ...fateOf(row, overdue), conversation_id: row.conversation_id }))
    .toSorted((a, b) => Number(b.outcome === "applied") - Number(a.outcome === "applied") || byReceipt(a, b))
    .slice(0, OTHERS_MAX);
  if (first === undefined) return null;
  return { type, id, ...first, ...(others.length === 0 ? {} : { others }) };
}

function fateOf(row: Row, overdue: Receipt) {
  const receipt = receiptFrom(row.receipt);
  if (row.reason === null) return { receipt, outcome: "applied" as const };
  return { receipt, ...reported({ receipt, reason: row.reason, detail: row.detail }, overdue) };
}

function byReceipt(a: { receipt: Receipt }, b: { receipt: Receipt }): number {
  return a.receipt < b.receipt ? -1 : 1;
}
