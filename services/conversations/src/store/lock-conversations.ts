import { handleNumberOf } from "@fio/contracts";
import {
  STORED_CONVERSATION_COLUMNS,
  storedConversationFrom,
  type StoredConversation,
  type StoredConversationRow,
} from "./rows.ts";
import { among, asList, asRows, rowsOf, together, type Connection, type Statement } from "./sql.ts";

/**
 * Inserts what is missing and locks what is there in one pass in id order: two transactions cannot wait for each
 * other here. The rows are read by a statement of their own, since only that sees what was committed meanwhile. Must be the first of its
 * transaction: on SQLite the lock is the write that takes the one writer's place. `questions` are asked under the locks.
 */
export async function lockConversations(
  connection: Connection,
  ids: readonly string[],
  questions: ReadonlyArray<Statement | null> = [],
): Promise<{ stored: StoredConversation[]; answers: unknown[][] }> {
  const { dialect } = connection;
  const conflict = dialect === "postgres" ? "do update set version = held.version where false" : "do nothing";
  const [, rows, ...answers] = await together(connection, [
    {
      name: "lock",
      sql: `insert into conversations as held (id, handle)
        select id, handle from ${rowsOf(dialect, "wanted", { id: "uuid", handle: "integer" })} where true order by id
        on conflict (id) ${conflict}`,
      values: [asRows(ids.map((id) => ({ id, handle: handleNumberOf(id) })))],
    },
    {
      name: "locked_conversations",
      sql: `select ${STORED_CONVERSATION_COLUMNS} from conversations where ${among(dialect, "id", "uuid")} order by id`,
      values: [asList(dialect, ids)],
    },
    ...questions,
  ]);
  return { stored: (rows as StoredConversationRow[]).map(storedConversationFrom), answers };
}
