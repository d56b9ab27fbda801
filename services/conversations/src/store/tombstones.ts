import { conversationIdOf, type JobEvent } from "@fio/contracts";
import type { Tombstones } from "../domain/index.ts";
import { among, asList, type Connection, type Statement } from "./sql.ts";

/* What is left of erased conversations, as the applier asks for it. */

export type TombstoneRow = { conversation: string | null; message: string | null };

/** The tombstones of what these events are about. */
export function selectTombstones({ dialect }: Connection, events: readonly JobEvent[]): Statement {
  const conversations = new Set(events.map(({ event }) => conversationIdOf(event)));
  return {
    name: "tombstones",
    sql: `select conversation_id as conversation, null as message from tombstones
        where ${among(dialect, "conversation_id", "uuid")}
      union all
      select null, id from erased_messages where ${among(dialect, "id", "uuid")}`,
    values: [asList(dialect, [...conversations]), asList(dialect, messageIdsOf(events))],
  };
}

export const tombstonesFrom = (rows: readonly TombstoneRow[]): Tombstones => ({
  conversations: new Set(rows.flatMap(({ conversation }) => conversation ?? [])),
  messages: new Set(rows.flatMap(({ message }) => message ?? [])),
});

/** Messages that came too late to be stored are known as erased all the same; another conversation's stays its own. */
export const buryMessages = (connection: Connection, events: readonly JobEvent[]): Statement | null =>
  buryMessageIds(connection, messageIdsOf(events));

export function buryMessageIds({ dialect }: Connection, ids: readonly string[]): Statement | null {
  if (ids.length === 0) return null;
  const buried =
    dialect === "postgres"
      ? "unnest(?::uuid[]) as buried(id)"
      : "(select value as id from json_each(?)) as buried";
  return {
    name: "bury_messages",
    sql: `insert into erased_messages (id) select id from ${buried}
      where not exists (select 1 from messages where messages.id = buried.id)
      order by id on conflict (id) do nothing`,
    values: [asList(dialect, ids)],
  };
}

const messageIdsOf = (events: readonly JobEvent[]): string[] => [
  ...new Set(events.flatMap(({ event }) => (event.type === "NEW_MESSAGE" ? [event.data.id] : []))),
];
