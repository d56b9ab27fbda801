import { conversationIdOf, type PostedEvent, type Receipt } from "@fio/contracts";
import type { KeptEvent } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import { latePlaceOf } from "./late-messages.ts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";

/* What changes rows of events that were accepted and not applied; `null` where there is nothing to write. */

const UNAPPLIED: Record<string, ColumnType> = {
  receipt: "bigint",
  type: "text",
  event_id: "uuid",
  conversation_id: "uuid",
  event: "text",
  reason: "text",
  detail: "text",
  content_hash: "text",
  late_place: "text",
};

/** What `event_id` holds: whatever an event is about, of a status its message, of an act the conversation, of an update the contact's key. */
export const eventIdOf = (event: PostedEvent): string => {
  if (event.type === "MESSAGE_STATUS") return event.data.message_id;
  return event.type === "NEW_MESSAGE" ? event.data.id : conversationIdOf(event);
};

function unappliedRow(unapplied: KeptEvent): object {
  const { receipt, event, reason, detail } = unapplied;
  return {
    receipt,
    type: event.type,
    event_id: eventIdOf(event),
    conversation_id: conversationIdOf(event),
    event: JSON.stringify(event),
    reason,
    detail,
    content_hash: reason === "INTERNAL_ERROR" ? null : contentHash(event),
    late_place: latePlaceOf(unapplied),
  };
}

/** 1 where an agent's act was known before the refusal of `row`, else null. */
const anyAct = (row: string): string => `select 1 from resolutions
        where refused_receipt = ${row}.receipt and conversation_id = ${row}.conversation_id limit 1`;

/** Gives back what it wrote: another conversation's row, which came meanwhile, is left alone. */
export function upsertUnapplied({ dialect }: Connection, events: readonly KeptEvent[]): Statement | null {
  if (events.length === 0) return null;
  const columns = Object.keys(UNAPPLIED)
    .filter((column) => column !== "late_place")
    .join(", ");
  return {
    name: "upsert_unapplied",
    sql: `insert into unapplied_events (${columns}, late_place, resolved)
      select ${columns}, case when resolved is null then late_place end, resolved
      from (select added.*, (${anyAct("added")}) as resolved from ${rowsOf(dialect, "added", UNAPPLIED)}) as added
      where true order by receipt
      on conflict (receipt) do update
        set reason = excluded.reason, detail = excluded.detail, content_hash = excluded.content_hash,
          late_place = excluded.late_place
        where unapplied_events.conversation_id = excluded.conversation_id
      returning receipt`,
    values: [asRows(events.map(unappliedRow))],
  };
}

export function deleteUnapplied({ dialect }: Connection, receipts: readonly Receipt[]): Statement | null {
  if (receipts.length === 0) return null;
  return {
    name: "delete_unapplied",
    sql: `delete from unapplied_events where ${among(dialect, "receipt", "bigint")}`,
    values: [asList(dialect, receipts)],
  };
}
