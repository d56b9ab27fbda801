import { createHmac } from "node:crypto";
import { contactKeyOf, receiptOf, type AcceptedUpdate, type Receipt } from "@fio/contracts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { among, asList, asRows, query, rowsOf, type Connection, type Statement } from "./sql.ts";

/* What stays of erased customers: hashes of their contacts, under a key that lies in a table of its own. */

/** Above every receipt. */
export const WHATEVER_RECEIPT: Receipt = receiptOf(9_000_000_000_000_000);

/** Only where something is said of a contact: whoever has asked keeps {@link buryContacts} waiting until it ends. */
export const SELECT_ERASURE_KEY: Statement = {
  name: "erasure_key",
  sql: "select key from erasure_keys where id = 1",
  values: [],
};

export type ErasureKeyRow = { key: string };

const hashOf = (key: string, contact: string): string =>
  createHmac("sha256", Buffer.from(key, "base64url")).update(contact).digest("base64url");

/** The contacts that an update names. */
const contactsOf = ({ event: { data } }: AcceptedUpdate): string[] =>
  [data.id, ...(data.formerly === undefined ? [] : [data.formerly])].map((id) =>
    contactKeyOf({ channel: data.channel, id }),
  );

/** Of the contacts that these updates name and that were erased: up to which receipt their updates are erased. */
export async function erasedUpTo(
  connection: Connection,
  updates: readonly AcceptedUpdate[],
  keys: readonly ErasureKeyRow[],
): Promise<ReadonlyMap<string, Receipt>> {
  const [key] = keys;
  if (updates.length === 0 || key === undefined) return new Map();
  const contacts = new Map(updates.flatMap(contactsOf).map((contact) => [hashOf(key.key, contact), contact]));
  const rows = await query<{ hash: string; up_to: StoredReceipt }>(connection, {
    name: "erased_contacts",
    sql: `select hash, up_to from erased_contacts where ${among(connection.dialect, "hash", "text")}`,
    values: [asList(connection.dialect, [...contacts.keys()])],
  });
  return new Map(rows.map(({ hash, up_to }) => [contacts.get(hash) ?? "", receiptFrom(up_to)]));
}

/**
 * From now on updates about these contacts are erased up to a receipt. Under the conversations' locks, and before the
 * contacts': whoever has looked for tombstones and found none ends first, and whoever looks later finds them.
 */
export async function buryContacts(
  connection: Connection,
  { contacts, upTo }: { contacts: readonly string[]; upTo: Receipt },
): Promise<void> {
  const [key] = await query<ErasureKeyRow>(connection, SELECT_ERASURE_KEY);
  if (key === undefined) throw new Error("the key of erased contacts is gone");
  const { dialect } = connection;
  await query(connection, {
    name: "bury_contacts",
    sql: `insert into erased_contacts (hash, up_to)
      select hash, up_to from ${rowsOf(dialect, "buried", { hash: "text", up_to: "bigint" })} where true order by hash
      on conflict (hash) do update set up_to = excluded.up_to where erased_contacts.up_to < excluded.up_to`,
    values: [asRows(contacts.map((contact) => ({ hash: hashOf(key.key, contact), up_to: upTo })))],
  });
}

/** Lasts until the transaction ends. SQLite has one writer anyway. */
export async function lockErasedContacts({ dialect, knex }: Connection): Promise<void> {
  if (dialect === "postgres") await knex.raw("lock table erased_contacts in access exclusive mode");
}
