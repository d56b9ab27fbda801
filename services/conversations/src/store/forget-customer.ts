import type { Receipt } from "@fio/contracts";
import { deleteTerms } from "./contact-statements.ts";
import type { Store } from "./connect.ts";
import { WHATEVER_RECEIPT, buryContacts, lockErasedContacts } from "./erased-contacts.ts";
import { among, asList, query, together, type Connection } from "./sql.ts";

/**
 * What is known of a customer, under all ids of theirs, goes with the last conversation of theirs, and updates about them up to
 * `upTo`; false when there is another one, and nothing was done. `contacts` by their keys, under the lock of `erased_contacts`.
 */
export async function forgetCustomer(
  connection: Connection,
  {
    contacts,
    upTo,
    unfinished = false,
  }: { contacts: readonly string[]; upTo: Receipt; unfinished?: boolean },
): Promise<boolean> {
  const { dialect } = connection;
  // Whoever gives the customer a conversation locks these rows too: after that it is known whether there is one.
  const rows = await query<{ key: string }>(connection, {
    name: "contacts_of_erased",
    sql: `select key from contacts
      where person in (select person from contacts where ${among(dialect, "key", "uuid")})
      order by key ${dialect === "postgres" ? "for update" : ""}`,
    values: [asList(dialect, contacts)],
  });
  const keys = [...new Set([...contacts, ...rows.map(({ key }) => key)])];
  const others = await query(connection, {
    name: "conversations_of_contacts",
    sql: `select 1 as one from conversations where ${among(dialect, "contact_key", "uuid")} limit 1`,
    values: [asList(dialect, keys)],
  });
  if (others.length > 0) return false;
  await buryContacts(connection, { contacts: keys, upTo, unfinished });
  await together(connection, [
    {
      name: "erase_sayings",
      sql: `delete from contact_sayings where ${among(dialect, "contact", "uuid")}`,
      values: [asList(dialect, keys)],
    },
    {
      name: "erase_failed_updates",
      sql: `delete from unapplied_events where ${among(dialect, "conversation_id", "uuid")} and type = 'UPDATE_CONTACT'`,
      values: [asList(dialect, keys)],
    },
    deleteTerms(connection, keys),
    {
      name: "erase_contacts",
      sql: `delete from contacts where ${among(dialect, "key", "uuid")}`,
      values: [asList(dialect, keys)],
    },
  ]);
  return true;
}

/**
 * The same for one who has no conversation, or of whom the last was erased before; false when there is one. Its erasure is
 * unfinished until somebody says otherwise: no tombstone tells that something may be left in Redis.
 */
export async function buryCustomer(store: Store, contacts: readonly string[]): Promise<boolean> {
  return store.write.transaction(async (knex) => {
    const connection: Connection = { dialect: store.dialect, knex };
    await lockErasedContacts(connection);
    return forgetCustomer(connection, { contacts, upTo: WHATEVER_RECEIPT, unfinished: true });
  });
}
