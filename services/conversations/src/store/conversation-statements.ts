import { contactKeyOf } from "@fio/contracts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";
import type { StoredConversation } from "./rows.ts";
import { activityOf } from "./conversation-after.ts";

/* What changes rows of conversations, for all those of a batch at once; `null` where there is nothing to write. */

const CONVERSATION: Record<string, ColumnType> = {
  id: "uuid",
  state: "text",
  created_at: "text",
  created_receipt: "bigint",
  closed_at: "text",
  closed_receipt: "bigint",
  version: "integer",
  message_count: "integer",
  last_message_at: "text",
  last_message_receipt: "bigint",
  last_message_preview: "text",
  last_message_direction: "text",
  waiting_since: "text",
  last_sent_at: "text",
  last_sent_receipt: "bigint",
  last_received_receipt: "bigint",
  activity_at: "text",
  highest_receipt: "bigint",
  unsettled_above: "bigint",
  assigned_receipt: "bigint",
  assigned_id: "text",
  assigned_name: "text",
  contact: "text",
  contact_key: "uuid",
};

function conversationRow(stored: StoredConversation): object {
  const { record, last, unanswered } = stored;
  const contact = record.created?.contact;
  return {
    id: record.id,
    state: record.closed === null ? "OPEN" : "CLOSED",
    created_at: record.created?.timestamp,
    created_receipt: record.created?.receipt,
    closed_at: record.closed?.timestamp,
    closed_receipt: record.closed?.receipt,
    version: stored.version,
    message_count: stored.messageCount,
    last_message_at: last?.place,
    last_message_receipt: last?.receipt,
    last_message_preview: last?.preview,
    last_message_direction: last?.direction,
    waiting_since: unanswered.since,
    last_sent_at: unanswered.lastSent?.place,
    last_sent_receipt: unanswered.lastSent?.receipt,
    last_received_receipt: unanswered.lastReceivedReceipt,
    activity_at: activityOf(stored),
    highest_receipt: stored.highestReceipt,
    unsettled_above: record.unsettledAbove,
    assigned_receipt: record.assigned?.receipt,
    assigned_id: record.assigned?.agent?.id,
    assigned_name: record.assigned?.agent?.name,
    ...(contact === undefined
      ? {}
      : { contact: JSON.stringify(contact), contact_key: contactKeyOf(contact) }),
  };
}

export function updateConversations(
  { dialect }: Connection,
  conversations: readonly StoredConversation[],
): Statement | null {
  if (conversations.length === 0) return null;
  const columns = Object.keys(CONVERSATION).filter((column) => column !== "id");
  return {
    name: "update_conversations",
    sql: `update conversations set ${columns.map((column) => `${column} = changed.${column}`).join(", ")}
      from ${rowsOf(dialect, "changed", CONVERSATION)} where conversations.id = changed.id`,
    values: [asRows(conversations.map(conversationRow))],
  };
}

/** Rows that were only there to be locked: while a creation is waited for, the unapplied events are all there is. */
export function deletePlaceholders({ dialect }: Connection, ids: readonly string[]): Statement | null {
  if (ids.length === 0) return null;
  return {
    name: "delete_placeholders",
    sql: `delete from conversations where ${among(dialect, "id", "uuid")} and state is null`,
    values: [asList(dialect, ids)],
  };
}
