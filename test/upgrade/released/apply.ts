import { conversationIdOf, type AcceptedEvent, type Outcome } from "@fio/contracts";
import { settle } from "../../../services/conversations/src/domain/index.ts";
import type { Store } from "../../../services/conversations/src/store/connect.ts";
import {
  among,
  asList,
  asRows,
  query,
  rowsOf,
  type Connection,
} from "../../../services/conversations/src/store/sql.ts";
import {
  CONVERSATION_COLUMNS,
  factsOf,
  MESSAGE_COLUMNS,
  messageFrom,
  receiptFrom,
  type ConversationRow,
  type MessageRow,
  type UnappliedRow,
} from "./rows.ts";
import { save, type Decided, type Reason } from "./save.ts";

/*
 * A transaction of a worker of version 0.1.0: its statements and their order, the columns that it knew, and no others. Where
 * that one read what the law needed, this one reads the conversation whole.
 */

/** Applies a batch; throws what the database throws. `now` in milliseconds. */
export async function applyAsReleased(
  store: Store,
  events: readonly AcceptedEvent[],
  now: number,
): Promise<void> {
  const incoming = Map.groupBy(events, ({ event }) => conversationIdOf(event));
  await store.write.transaction(async (knex) => {
    const connection = { dialect: store.dialect, knex };
    const ids = [...incoming.keys()].toSorted();
    const rows = await lock(connection, ids);
    const of = async <Row>(name: string, columns: string, table: string): Promise<Row[]> =>
      query<Row>(connection, {
        name: `released_${name}`,
        sql: `select ${columns} from ${table} where ${among(connection.dialect, "conversation_id", "uuid")}`,
        values: [asList(connection.dialect, ids)],
      });
    const messages = Map.groupBy(
      await of<MessageRow>("messages", MESSAGE_COLUMNS, "messages"),
      (row) => row.conversation_id,
    );
    const unapplied = Map.groupBy(
      await of<UnappliedRow>("kept", "receipt, conversation_id, event, reason", "unapplied_events"),
      (row) => row.conversation_id,
    );
    const decided = rows.map((row) =>
      decide(row, {
        incoming: incoming.get(row.id) ?? [],
        messages: (messages.get(row.id) ?? []).map(messageFrom),
        unapplied: unapplied.get(row.id) ?? [],
      }),
    );
    await save(connection, decided, now);
  });
}

async function lock(connection: Connection, ids: readonly string[]): Promise<ConversationRow[]> {
  const { dialect } = connection;
  const conflict = dialect === "postgres" ? "do update set version = held.version where false" : "do nothing";
  await query(connection, {
    name: "released_lock",
    sql: `insert into conversations as held (id)
      select id from ${rowsOf(dialect, "wanted", { id: "uuid" })} where true order by id on conflict (id) ${conflict}`,
    values: [asRows(ids.map((id) => ({ id })))],
  });
  return query<ConversationRow>(connection, {
    name: "released_conversations",
    sql: `select ${CONVERSATION_COLUMNS} from conversations where ${among(dialect, "id", "uuid")} order by id`,
    values: [asList(dialect, ids)],
  });
}

function decide(
  row: ConversationRow,
  {
    incoming,
    messages,
    unapplied,
  }: { incoming: AcceptedEvent[]; messages: AcceptedEvent[]; unapplied: UnappliedRow[] },
): Decided {
  const reasons = new Map(unapplied.map(({ receipt, reason }) => [receiptFrom(receipt), reason]));
  const held = new Set(messages.map(({ receipt }) => receipt));
  const counting = unapplied
    .filter(({ reason }) => reason !== "INTERNAL_ERROR")
    .map(({ receipt, event }): AcceptedEvent => ({
      receipt: receiptFrom(receipt),
      event: JSON.parse(event) as AcceptedEvent["event"],
    }));
  const all = new Map(
    [...factsOf(row), ...messages, ...counting, ...incoming].map((one) => [one.receipt, one]),
  );
  const outcomes = settle([...all.values()]);
  const decided: Decided = {
    ...{ row, created: undefined, closed: undefined, add: [], remove: [], keep: [], drop: [] },
  };
  for (const [receipt, accepted] of all) {
    const outcome = outcomes.get(receipt);
    const applied = outcome?.kind === "applied";
    const { type } = accepted.event;
    if (type === "NEW_CONVERSATION" && applied) decided.created = accepted;
    if (type === "CLOSE_CONVERSATION" && applied) decided.closed = accepted;
    if (type === "NEW_MESSAGE" && applied && !held.has(receipt)) decided.add.push(accepted);
    if (type === "NEW_MESSAGE" && !applied && held.has(receipt)) decided.remove.push(accepted);
    const reason = reasonOf(outcome);
    if (reason === null && reasons.has(receipt)) decided.drop.push(receipt);
    if (reason !== null && reasons.get(receipt) !== reason) decided.keep.push({ accepted, reason });
  }
  return decided;
}

function reasonOf(outcome: Outcome | undefined): Reason | null {
  if (outcome?.kind === "waiting") return "CONVERSATION_NOT_FOUND";
  return outcome?.kind === "rejected" ? outcome.reason : null;
}
