import { conversationIdOf, type Receipt } from "@fio/contracts";
import type { KeptEvent } from "../domain/index.ts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";

/* What is kept without having been applied; `null` where there is nothing to write. */

const KEPT: Record<string, ColumnType> = {
  receipt: "bigint",
  type: "text",
  event_id: "uuid",
  conversation_id: "uuid",
  event: "text",
  reason: "text",
  detail: "text",
};

const keptRow = ({ receipt, event, reason, detail }: KeptEvent): object => ({
  receipt,
  type: event.type,
  event_id: event.data.id,
  conversation_id: conversationIdOf(event),
  event: JSON.stringify(event),
  reason,
  detail,
});

export function upsertKept({ dialect }: Connection, events: readonly KeptEvent[]): Statement | null {
  if (events.length === 0) return null;
  const columns = Object.keys(KEPT).join(", ");
  return {
    name: "upsert_kept",
    sql: `insert into unapplied_events (${columns})
      select ${columns} from ${rowsOf(dialect, "kept", KEPT)} where true order by receipt
      on conflict (receipt) do update set reason = excluded.reason, detail = excluded.detail`,
    values: [asRows(events.map(keptRow))],
  };
}

export function deleteKept({ dialect }: Connection, receipts: readonly Receipt[]): Statement | null {
  if (receipts.length === 0) return null;
  return {
    name: "delete_kept",
    sql: `delete from unapplied_events where ${among(dialect, "receipt", "bigint")}`,
    values: [asList(dialect, receipts)],
  };
}
