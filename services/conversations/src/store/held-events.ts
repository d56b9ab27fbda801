import type { Receipt } from "@fio/contracts";
import { factsAsEvents, type HeldEvent } from "../domain/index.ts";
import type { Dialect } from "./connect.ts";
import { updateFrom, updatesUnder, type SayingRow } from "./contact-statements.ts";
import { assignmentFrom, type AssignmentRow } from "./assignment-statements.ts";
import { actFrom, type ActRow } from "./resolution-statements.ts";
import { statusFrom, type StatusRow } from "./status-statements.ts";
import { RECEIPT_INDEXES_VALID } from "./receipt-indexes.ts";
import {
  MESSAGE_COLUMNS,
  STORED_CONVERSATION_COLUMNS,
  UNAPPLIED_COLUMNS,
  messageFrom,
  storedConversationFrom,
  unappliedFrom,
  type MessageRow,
  type StoredConversationRow,
  type StoredReceipt,
  type UnappliedRow,
} from "./rows.ts";
import { among, asList, together, type Connection, type Statement } from "./sql.ts";

/**
 * What the store has under these receipts, of whatever conversation, applied or not; of contacts only where the batch is
 * about some. One round trip.
 */
export async function heldEvents(
  connection: Connection,
  receipts: readonly Receipt[],
  { contacts }: { contacts: boolean },
): Promise<HeldEvent[]> {
  const [messages, conversations, unapplied, others, updates] = (await together(connection, [
    messagesUnder(connection, receipts),
    conversationsUnder(connection, receipts),
    unappliedUnder(connection, receipts),
    othersUnder(connection, receipts),
    contacts ? updatesUnder(connection, receipts) : null,
  ])) as [MessageRow[], StoredConversationRow[], UnappliedRow[], OtherRow[], SayingRow[]];
  // The creation of one that is found by its close is held under a receipt of its own: it does no harm.
  const facts = conversations.flatMap((row) => factsAsEvents(storedConversationFrom(row).record));
  return [
    ...messages.map(messageFrom),
    ...facts,
    ...unapplied.map(unappliedFrom),
    ...others.map(otherFrom),
    ...updates.flatMap(updateFrom),
  ];
}

const messagesUnder = ({ dialect }: Connection, receipts: readonly Receipt[]): Statement => ({
  name: "messages_under",
  sql: `select ${MESSAGE_COLUMNS} from messages where ${among(dialect, "receipt", "bigint")}${whenIndexed(dialect)}`,
  values: [asList(dialect, receipts)],
});

function conversationsUnder({ dialect }: Connection, receipts: readonly Receipt[]): Statement {
  const found = (column: string): string =>
    `select ${STORED_CONVERSATION_COLUMNS} from conversations
      where ${among(dialect, column, "bigint")}${whenIndexed(dialect)}`;
  return {
    name: "conversations_under",
    sql: `${found("created_receipt")} union all ${found("closed_receipt")}`,
    values: [asList(dialect, receipts), asList(dialect, receipts)],
  };
}

const unappliedUnder = ({ dialect }: Connection, receipts: readonly Receipt[]): Statement => ({
  name: "unapplied_held",
  sql: `select ${UNAPPLIED_COLUMNS} from unapplied_events where ${among(dialect, "receipt", "bigint")}`,
  values: [asList(dialect, receipts)],
});

type OtherRow =
  | ({ of: "act" } & Omit<ActRow, "act_receipt"> & { receipt: StoredReceipt })
  | ({ of: "status" } & StatusRow)
  | ({ of: "assignment" } & AssignmentRow);

/** Acts, statuses and assignments. One statement for all: each costs a transaction that has none of them. */
const othersUnder = ({ dialect }: Connection, receipts: readonly Receipt[]): Statement => ({
  name: "others_under",
  sql: `select 'act' as of, act_receipt as receipt, conversation_id, timestamp, cast(null as uuid) as message_id,
      cast(null as text) as status, cast(null as text) as detail, refused_receipt, how, carried_to,
      cast(null as text) as agent_id, cast(null as text) as agent_name
      from resolutions where ${among(dialect, "act_receipt", "bigint")}
    union all
    select 'status', receipt, conversation_id, timestamp, message_id, status, detail, null, null, null, null, null
      from message_statuses where ${among(dialect, "receipt", "bigint")}
    union all
    select 'assignment', receipt, conversation_id, timestamp, null, null, null, null, null, null, agent_id, agent_name
      from assignments where ${among(dialect, "receipt", "bigint")}`,
  values: [asList(dialect, receipts), asList(dialect, receipts), asList(dialect, receipts)],
});

/** Each kind by its own columns: a row has those of all. */
function otherFrom(row: OtherRow): HeldEvent {
  switch (row.of) {
    case "act":
      return actFrom({ ...row, act_receipt: row.receipt });
    case "status": {
      const { receipt, message_id, conversation_id, timestamp, status, detail } = row;
      return statusFrom({ receipt, message_id, conversation_id, timestamp, status, detail });
    }
    case "assignment":
      return assignmentFrom(row);
  }
}

/** A large table is indexed while workers go on: until then nobody scans it. */
const whenIndexed = (dialect: Dialect): string =>
  dialect === "postgres" ? ` and ${RECEIPT_INDEXES_VALID}` : "";
