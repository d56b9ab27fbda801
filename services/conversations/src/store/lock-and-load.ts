import type { AcceptedEvent, Receipt } from "@fio/contracts";
import { lookupsFor, type Loaded, type Lookups } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import {
  UNAPPLIED_COLUMNS,
  MESSAGE_COLUMNS,
  STORED_CONVERSATION_COLUMNS,
  unappliedFrom,
  messageFrom,
  storedConversationFrom,
  type UnappliedRow,
  type MessageRow,
  type StoredConversation,
  type StoredConversationRow,
} from "./rows.ts";
import { among, asList, asRows, rowsOf, together, type Connection, type Statement } from "./sql.ts";

/** One conversation of a batch: how it stands, the incoming events, and what was read for them. */
export type LockedConversation = { stored: StoredConversation; incoming: AcceptedEvent[]; loaded: Loaded };

/**
 * Locks the conversations in id order and reads what the law needs, in two round trips whatever the batch holds.
 * Must be the first of its transaction: on SQLite the lock is the write that takes the one writer's place.
 */
export async function lockAndLoad(
  connection: Connection,
  incoming: ReadonlyMap<string, AcceptedEvent[]>,
): Promise<LockedConversation[]> {
  const conversations = await lock(connection, [...incoming.keys()].toSorted());
  const wanted = conversations.map((stored) => {
    const events = incoming.get(stored.record.id) ?? [];
    return { stored, incoming: events, lookups: lookupsFor(stored.record, events) };
  });
  const [named, above, ...unappliedRows] = (await together(connection, [
    messagesNamed(connection, wanted),
    messagesAbove(connection, wanted),
    unappliedEqual(connection, wanted),
    unappliedUnhashed(connection, wanted),
    unappliedLowest(connection, wanted),
    unappliedUnder(connection, wanted),
    unappliedOf(connection, wanted),
  ])) as [MessageRow[], MessageRow[], ...UnappliedRow[][]];

  const messages = Map.groupBy([...named, ...above], (row) => row.conversation_id);
  const unapplied = Map.groupBy(unappliedRows.flat(), (row) => row.conversation_id);
  return wanted.map(({ stored, incoming: events }) => ({
    stored,
    incoming: events,
    loaded: {
      conversation: stored.record,
      messages: (messages.get(stored.record.id) ?? []).map(messageFrom),
      unapplied: (unapplied.get(stored.record.id) ?? []).map(unappliedFrom),
    },
  }));
}

/**
 * Inserts what is missing and locks what is there in one pass in id order: two transactions cannot wait for each
 * other here. The rows are read by a statement of their own, since only that sees what was committed meanwhile.
 */
async function lock(connection: Connection, ids: readonly string[]): Promise<StoredConversation[]> {
  const { dialect } = connection;
  const conflict = dialect === "postgres" ? "do update set version = held.version where false" : "do nothing";
  const [, rows] = await together(connection, [
    {
      name: "lock",
      sql: `insert into conversations as held (id)
        select id from ${rowsOf(dialect, "wanted", { id: "uuid" })} where true order by id
        on conflict (id) ${conflict}`,
      values: [asRows(ids.map((id) => ({ id })))],
    },
    {
      name: "locked_conversations",
      sql: `select ${STORED_CONVERSATION_COLUMNS} from conversations where ${among(dialect, "id", "uuid")} order by id`,
      values: [asList(dialect, ids)],
    },
  ]);
  return (rows as StoredConversationRow[]).map(storedConversationFrom);
}

type Wanted = { stored: StoredConversation; lookups: Lookups };

/** Of whatever conversation: a message of another one is no business of the law, and is left aside by its row. */
function messagesNamed({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const ids = wanted.flatMap(({ lookups }) => lookups.messageIds);
  return ids.length === 0
    ? null
    : {
        name: "messages_named",
        sql: `select ${MESSAGE_COLUMNS} from messages where ${among(dialect, "id", "uuid")}`,
        values: [asList(dialect, ids)],
      };
}

function messagesAbove({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const floors = wanted.flatMap(({ stored, lookups }): Array<{ conversation: string; floor: Receipt }> =>
    lookups.messagesAbove === null ? [] : [{ conversation: stored.record.id, floor: lookups.messagesAbove }],
  );
  return floors.length === 0
    ? null
    : {
        name: "messages_above",
        sql: `select ${MESSAGE_COLUMNS} from ${rowsOf(dialect, "floors", { conversation: "uuid", floor: "bigint" })}
          cross join messages where messages.conversation_id = floors.conversation and messages.receipt > floors.floor`,
        values: [asRows(floors)],
      };
}

/** One at most for each: what is equal to an unapplied event is a duplicate, and not kept. */
function unappliedEqual({ dialect }: Connection, wanted: readonly Wanted[]): Statement {
  const hashes = wanted.flatMap(({ lookups }) => lookups.equalTo.map(contentHash));
  return {
    name: "unapplied_equal",
    sql: `select ${UNAPPLIED_COLUMNS} from unapplied_events where ${among(dialect, "content_hash", "text")}`,
    values: [asList(dialect, hashes)],
  };
}

/**
 * Those that may be equal among rows without a hash: from before there was one, until the backfill has come by, or from
 * a worker of an older version. An equal event holds the same timestamp, written in the same way.
 */
function unappliedUnhashed({ dialect }: Connection, wanted: readonly Wanted[]): Statement {
  const events = wanted.flatMap(({ stored, lookups }) =>
    lookups.equalTo.map(({ type, timestamp, data }) => ({
      conversation: stored.record.id,
      type,
      subject: data.id,
      timestamp: JSON.stringify(timestamp),
    })),
  );
  const position = dialect === "postgres" ? "strpos" : "instr";
  return {
    name: "unapplied_unhashed",
    sql: `select ${qualified(UNAPPLIED_COLUMNS)}
      from ${rowsOf(dialect, "named", { conversation: "uuid", type: "text", subject: "uuid", timestamp: "text" })}
      cross join unapplied_events as unapplied
      where unapplied.event_id = named.subject and unapplied.type = named.type
        and unapplied.conversation_id = named.conversation
        and unapplied.content_hash is null and unapplied.reason <> 'INTERNAL_ERROR'
        and ${position}(unapplied.event, named.timestamp) > 0`,
    values: [asRows(events)],
  };
}

function unappliedLowest({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const subjects = wanted.flatMap(({ stored, lookups }) =>
    lookups.lowestOf.map(({ type, id }) => ({ conversation: stored.record.id, type, subject: id })),
  );
  return subjects.length === 0
    ? null
    : {
        name: "unapplied_lowest",
        sql: `select ${qualified(UNAPPLIED_COLUMNS)}
          from ${rowsOf(dialect, "named", { conversation: "uuid", type: "text", subject: "uuid" })}
          cross join unapplied_events as unapplied
          where unapplied.receipt = (
            select min(receipt) from unapplied_events
            where event_id = named.subject and type = named.type and conversation_id = named.conversation
              and reason <> 'INTERNAL_ERROR'
          )`,
        values: [asRows(subjects)],
      };
}

function unappliedUnder({ dialect }: Connection, wanted: readonly Wanted[]): Statement {
  const receipts = wanted.flatMap(({ stored, lookups }) =>
    lookups.under.map((receipt) => ({ conversation: stored.record.id, receipt })),
  );
  return {
    name: "unapplied_under",
    sql: `select ${qualified(UNAPPLIED_COLUMNS)}
      from ${rowsOf(dialect, "given", { conversation: "uuid", receipt: "bigint" })}
      cross join unapplied_events as unapplied
      where unapplied.receipt = given.receipt and unapplied.conversation_id = given.conversation`,
    values: [asRows(receipts)],
  };
}

function unappliedOf({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const ids = wanted.filter(({ lookups }) => lookups.allUnapplied).map(({ stored }) => stored.record.id);
  return ids.length === 0
    ? null
    : {
        name: "unapplied_of",
        sql: `select ${UNAPPLIED_COLUMNS} from unapplied_events where ${among(dialect, "conversation_id", "uuid")}`,
        values: [asList(dialect, ids)],
      };
}

const qualified = (columns: string): string =>
  columns
    .split(", ")
    .map((column) => `unapplied.${column}`)
    .join(", ");
