import type { AcceptedEvent, Receipt } from "@fio/contracts";
import { lookupsFor, type Loaded, type Lookups } from "../domain/index.ts";
import {
  KEPT_COLUMNS,
  MESSAGE_COLUMNS,
  STANDING_COLUMNS,
  keptFrom,
  messageFrom,
  standingFrom,
  type KeptRow,
  type MessageRow,
  type Standing,
  type StandingRow,
} from "./rows.ts";
import { among, asList, asRows, rowsOf, together, type Connection, type Statement } from "./sql.ts";

/** One conversation of a batch: how it stands, the events that come, and what was read for them. */
export type Concerned = { standing: Standing; come: AcceptedEvent[]; loaded: Loaded };

/**
 * Locks the conversations in id order and reads what the law needs, in two round trips whatever the batch holds.
 * Must be the first of its transaction: on SQLite the lock is the write that takes the one writer's place.
 */
export async function lockAndLoad(
  connection: Connection,
  come: ReadonlyMap<string, AcceptedEvent[]>,
): Promise<Concerned[]> {
  const standings = await lock(connection, [...come.keys()].toSorted());
  const wanted = standings.map((standing) => {
    const events = come.get(standing.record.id) ?? [];
    return { standing, come: events, lookups: lookupsFor(standing.record, events) };
  });
  const [named, above, kept, waiting] = (await together(connection, [
    messagesNamed(connection, wanted),
    messagesAbove(connection, wanted),
    keptNamed(connection, wanted),
    keptOf(connection, wanted),
  ])) as [MessageRow[], MessageRow[], KeptRow[], KeptRow[]];

  const messages = Map.groupBy([...named, ...above], (row) => row.conversation_id);
  const unapplied = Map.groupBy([...kept, ...waiting], (row) => row.conversation_id);
  return wanted.map(({ standing, come: events }) => ({
    standing,
    come: events,
    loaded: {
      conversation: standing.record,
      messages: (messages.get(standing.record.id) ?? []).map(messageFrom),
      unapplied: (unapplied.get(standing.record.id) ?? []).map(keptFrom),
    },
  }));
}

/**
 * Inserts what is missing and locks what is there in one pass in id order: two transactions cannot wait for each
 * other here. The rows are read by a statement of their own, since only that sees what was committed meanwhile.
 */
async function lock(connection: Connection, ids: readonly string[]): Promise<Standing[]> {
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
      name: "standing",
      sql: `select ${STANDING_COLUMNS} from conversations where ${among(dialect, "id", "uuid")} order by id`,
      values: [asList(dialect, ids)],
    },
  ]);
  return (rows as StandingRow[]).map(standingFrom);
}

type Wanted = { standing: Standing; lookups: Lookups };

/** Of whatever conversation: a message of another one is no business of the law, and is left aside by its row. */
function messagesNamed({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const ids = wanted.flatMap(({ lookups }) =>
    lookups.subjects.filter(({ type }) => type === "NEW_MESSAGE").map(({ id }) => id),
  );
  return ids.length === 0
    ? null
    : {
        name: "messages_named",
        sql: `select ${MESSAGE_COLUMNS} from messages where ${among(dialect, "id", "uuid")}`,
        values: [asList(dialect, ids)],
      };
}

function messagesAbove({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const floors = wanted.flatMap(({ standing, lookups }): Array<{ conversation: string; floor: Receipt }> =>
    lookups.messagesAbove === null
      ? []
      : [{ conversation: standing.record.id, floor: lookups.messagesAbove }],
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

function keptNamed({ dialect }: Connection, wanted: readonly Wanted[]): Statement {
  const subjects = wanted.flatMap(({ standing, lookups }) =>
    lookups.subjects.map(({ type, id }) => ({ conversation: standing.record.id, type, subject: id })),
  );
  return {
    name: "kept_named",
    sql: `select ${qualified(KEPT_COLUMNS)}
      from ${rowsOf(dialect, "named", { conversation: "uuid", type: "text", subject: "uuid" })}
      cross join unapplied_events as kept
      where kept.event_id = named.subject and kept.type = named.type and kept.conversation_id = named.conversation`,
    values: [asRows(subjects)],
  };
}

function keptOf({ dialect }: Connection, wanted: readonly Wanted[]): Statement | null {
  const ids = wanted.filter(({ lookups }) => lookups.allUnapplied).map(({ standing }) => standing.record.id);
  return ids.length === 0
    ? null
    : {
        name: "kept_of",
        sql: `select ${KEPT_COLUMNS} from unapplied_events where ${among(dialect, "conversation_id", "uuid")}`,
        values: [asList(dialect, ids)],
      };
}

const qualified = (columns: string): string =>
  columns
    .split(", ")
    .map((column) => `kept.${column}`)
    .join(", ");
