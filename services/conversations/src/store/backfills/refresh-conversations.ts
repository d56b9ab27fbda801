import { contactKeyOf } from "@fio/contracts";
import { changesOf } from "../changes.ts";
import { updateConversations } from "../conversation-statements.ts";
import { contactsOf } from "../queries/contact-rows.ts";
import { readUnanswered } from "../load-unanswered.ts";
import { lastFrom, selectLast, type LastRow } from "../message-statements.ts";
import { entriesOf, insertOutbox } from "../outbox.ts";
import {
  STORED_CONVERSATION_COLUMNS,
  storedConversationFrom,
  type StoredConversation,
  type StoredConversationRow,
} from "../rows.ts";
import { among, asList, query, together, type Connection } from "../sql.ts";

/** Locks conversations as workers do, in id order; the first thing to do before anything of theirs is written. */
export async function lockConversations(connection: Connection, ids: readonly string[]): Promise<void> {
  // On SQLite the transaction holds the one writer's place already.
  if (connection.dialect === "sqlite") return;
  await query(connection, {
    name: "backfill_lock",
    sql: `select id from conversations where ${among("postgres", "id", "uuid")} order by id for update`,
    values: [asList("postgres", ids.toSorted())],
  });
}

/**
 * Finds the newest message of each locked conversation again and since when its customer waits, writes what the list
 * shows by them, and leaves the change for whoever announces. `now` in milliseconds.
 */
export async function refreshConversations(
  connection: Connection,
  ids: readonly string[],
  now: number,
): Promise<void> {
  const [rows, lastRows] = (await together(connection, [
    {
      name: "backfill_conversations",
      sql: `select ${STORED_CONVERSATION_COLUMNS} from conversations
        where ${among(connection.dialect, "id", "uuid")} and state is not null`,
      values: [asList(connection.dialect, ids)],
    },
    selectLast(connection, ids),
  ])) as [StoredConversationRow[], LastRow[]];
  const last = lastFrom(lastRows);
  const before = rows.map(storedConversationFrom);
  const unanswered = await readUnanswered(connection, before);
  const refreshed = before.map((stored): StoredConversation => ({
    ...stored,
    version: stored.version + 1,
    last: last.get(stored.record.id) ?? null,
    unanswered: unanswered.get(stored.record.id) ?? stored.unanswered,
  }));
  const none = { insert: [], replace: [], remove: [] };
  const keyOf = ({ record }: StoredConversation): string | null =>
    record.created?.contact === undefined ? null : contactKeyOf(record.created.contact);
  const contacts = await contactsOf(
    connection.knex,
    refreshed.map((one) => ({ contact_key: keyOf(one) })),
  );
  const entries = entriesOf(
    refreshed.flatMap((stored) => changesOf(stored, none, { contact: contacts.get(keyOf(stored) ?? "") })),
  );
  await together(connection, [
    updateConversations(connection, refreshed),
    insertOutbox({ entries, waiterReplies: [], now }),
  ]);
}
