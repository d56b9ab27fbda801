import type { AcceptedEvent, Receipt, WaitingReason } from "@fio/contracts";
import { chooseStep, type Candidate, type StepLimit } from "../domain/index.ts";
import type { Store } from "./connect.ts";
import {
  MESSAGE_COLUMNS,
  UNAPPLIED_COLUMNS,
  messageFrom,
  receiptFrom,
  unappliedFrom,
  type MessageRow,
  type StoredConversation,
  type StoredReceipt,
  type UnappliedRow,
} from "./rows.ts";
import { among, asList, query, together, type Connection, type Statement } from "./sql.ts";

type SizedRow = { receipt: StoredReceipt; units: number };

/** The next events of a conversation that need their outcome, and the conversation as it is once they have it. */
export async function loadStep(
  connection: Connection,
  stored: StoredConversation,
  limit: StepLimit,
): Promise<{ stored: StoredConversation; incoming: AcceptedEvent[] }> {
  const { id, closed, unsettledAbove: from } = stored.record;
  // Another worker was quicker.
  if (from === null) return { stored, incoming: [] };
  const [waiting, orphans, above] = (await together(connection, [
    nextWaiting(connection, id, { from, reason: "CONVERSATION_NOT_FOUND", limit }),
    nextWaiting(connection, id, { from, reason: "MESSAGE_NOT_FOUND", limit }),
    closed === null ? null : nextAbove(connection, id, from > closed.receipt ? from : closed.receipt, limit),
  ])) as [SizedRow[], SizedRow[], SizedRow[]];
  const { receipts, unsettledAbove } = chooseStep(
    { waiting: [...waiting, ...orphans].map(candidateFrom), above: above.map(candidateFrom) },
    limit,
  );
  return {
    stored: { ...stored, record: { ...stored.record, unsettledAbove } },
    incoming: await readEvents(connection, id, receipts),
  };
}

const candidateFrom = ({ receipt, units }: SizedRow): Candidate => ({ receipt: receiptFrom(receipt), units });

/*
 * On Postgres by comparing rows: said with `=`, it may take a conversation of many for one that lies everywhere, and walk
 * the index by receipt alone, past all other conversations.
 */

const nextWaiting = (
  { dialect }: Connection,
  id: string,
  { from, reason, limit: { events } }: { from: Receipt; reason: WaitingReason; limit: StepLimit },
): Statement => ({
  name: `step_${reason}`,
  ...(dialect === "postgres"
    ? {
        sql: `select receipt, octet_length(event) as units from unapplied_events
          where (conversation_id, reason, receipt) > (?, '${reason}', ?)
            and (conversation_id, reason) <= (?, '${reason}')
          order by conversation_id, reason, receipt limit ?`,
        values: [id, from, id, events],
      }
    : {
        sql: `select receipt, octet_length(event) as units from unapplied_events
          where conversation_id = ? and reason = '${reason}' and receipt > ? order by receipt limit ?`,
        values: [id, from, events],
      }),
});

const nextAbove = ({ dialect }: Connection, id: string, from: Receipt, { events }: StepLimit): Statement => ({
  name: "step_above",
  ...(dialect === "postgres"
    ? {
        sql: `select receipt, octet_length(content) as units from messages
          where (conversation_id, receipt) > (?, ?) and conversation_id <= ?
          order by conversation_id, receipt limit ?`,
        values: [id, from, id, events],
      }
    : {
        sql: `select receipt, octet_length(content) as units from messages
          where conversation_id = ? and receipt > ? order by receipt limit ?`,
        values: [id, from, events],
      }),
});

async function readEvents(
  connection: Connection,
  id: string,
  receipts: readonly Receipt[],
): Promise<AcceptedEvent[]> {
  if (receipts.length === 0) return [];
  const { dialect } = connection;
  const read = (name: string, columns: string, table: string): Statement => ({
    name,
    sql: `select ${columns} from ${table} where conversation_id = ? and ${among(dialect, "receipt", "bigint")}`,
    values: [id, asList(dialect, receipts)],
  });
  const [unapplied, messages] = (await together(connection, [
    read("step_unapplied", UNAPPLIED_COLUMNS, "unapplied_events"),
    read("step_messages", MESSAGE_COLUMNS, "messages"),
  ])) as [UnappliedRow[], MessageRow[]];
  return [...unapplied.map(unappliedFrom), ...messages.map(messageFrom)].map(({ receipt, event }) => ({
    receipt,
    event,
  }));
}

/** Conversations that need further steps, with how far they are: some of them, when there are many. */
export async function unsettledConversations(store: Store): Promise<Map<string, Receipt>> {
  const rows = await query<{ id: string; unsettled_above: StoredReceipt }>(
    { dialect: store.dialect, knex: store.read },
    {
      name: "unsettled_conversations",
      sql: "select id, unsettled_above from conversations where unsettled_above is not null limit 100",
      values: [],
    },
  );
  return new Map(rows.map(({ id, unsettled_above }) => [id, receiptFrom(unsettled_above)]));
}
