import type { Receipt } from "@fio/contracts";
import { factsAsEvents, type HeldEvent } from "../domain/index.ts";
import type { Dialect } from "./connect.ts";
import { updateFrom, updatesUnder, type SayingRow } from "./contact-statements.ts";
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
    actsAndStatusesUnder(connection, receipts),
    contacts ? updatesUnder(connection, receipts) : null,
  ])) as [MessageRow[], StoredConversationRow[], UnappliedRow[], ActOrStatusRow[], SayingRow[]];
  // The creation of one that is found by its close is held under a receipt of its own: it does no harm.
  const facts = conversations.flatMap((row) => factsAsEvents(storedConversationFrom(row).record));
  return [
    ...messages.map(messageFrom),
    ...facts,
    ...unapplied.map(unappliedFrom),
    ...others.map(actOrStatusFrom),
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

type ActOrStatusRow =
  (Omit<ActRow, "act_receipt"> & { receipt: StoredReceipt; message_id: null }) | StatusRow;

/** One statement for both: each costs a transaction that has neither. */
const actsAndStatusesUnder = ({ dialect }: Connection, receipts: readonly Receipt[]): Statement => ({
  name: "acts_and_statuses_under",
  sql: `select act_receipt as receipt, conversation_id, timestamp, cast(null as uuid) as message_id, cast(null as text) as status,
      cast(null as text) as detail,
      refused_receipt, how, carried_to
      from resolutions where ${among(dialect, "act_receipt", "bigint")}
    union all
    select receipt, conversation_id, timestamp, message_id, status, detail, null, null, null
      from message_statuses where ${among(dialect, "receipt", "bigint")}`,
  values: [asList(dialect, receipts), asList(dialect, receipts)],
});

function actOrStatusFrom(row: ActOrStatusRow): HeldEvent {
  if (row.message_id !== null) return statusFrom(row);
  const { receipt, ...act } = row;
  return actFrom({ ...act, act_receipt: receipt });
}

/** A large table is indexed while workers go on: until then nobody scans it. */
const whenIndexed = (dialect: Dialect): string =>
  dialect === "postgres" ? ` and ${RECEIPT_INDEXES_VALID}` : "";
