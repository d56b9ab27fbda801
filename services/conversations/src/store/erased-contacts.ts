import { createHmac } from "node:crypto";
import { contactKeyOf, receiptOf, type AcceptedUpdate, type ContactName, type Receipt } from "@fio/contracts";
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

/** Nobody, whose updates are erased from the first erasure on: what takes the place of an erased customer's in a job. */
export const NOBODY: ContactName = { channel: "erased", id: "erased" };

/** Of the contacts that these updates name and that were erased: up to which receipt their updates are erased. */
export async function erasedUpTo(
  connection: Connection,
  updates: readonly AcceptedUpdate[],
  keys: readonly ErasureKeyRow[],
): Promise<ReadonlyMap<string, Receipt>> {
  const [key] = keys;
  if (updates.length === 0 || key === undefined) return new Map();
  return upToOf(connection, updates.flatMap(contactsOf), key.key);
}

/** The same of contacts, by their keys, for whoever looks for what is left of them. */
export async function erasedAmong(
  connection: Connection,
  contacts: readonly string[],
): Promise<ReadonlyMap<string, Receipt>> {
  if (contacts.length === 0) return new Map();
  return upToOf(connection, contacts, await erasureKey(connection));
}

async function upToOf(
  connection: Connection,
  contacts: readonly string[],
  key: string,
): Promise<ReadonlyMap<string, Receipt>> {
  const hashed = new Map(contacts.map((contact) => [hashOf(key, contact), contact]));
  const rows = await query<{ hash: string; up_to: StoredReceipt }>(connection, {
    name: "erased_contacts",
    sql: `select hash, up_to from erased_contacts where ${among(connection.dialect, "hash", "text")}`,
    values: [asList(connection.dialect, [...hashed.keys()])],
  });
  return new Map(rows.map(({ hash, up_to }) => [hashed.get(hash) ?? "", receiptFrom(up_to)]));
}

async function erasureKey(connection: Connection): Promise<string> {
  const [key] = await query<ErasureKeyRow>(connection, SELECT_ERASURE_KEY);
  if (key === undefined) throw new Error("the key of erased contacts is gone");
  return key.key;
}

/**
 * From now on updates about these contacts are erased up to a receipt. Under the conversations' locks, and before the
 * contacts': whoever has looked for tombstones and found none ends first, and whoever looks later finds them.
 */
export async function buryContacts(
  connection: Connection,
  { contacts, upTo, unfinished }: { contacts: readonly string[]; upTo: Receipt; unfinished: boolean },
): Promise<void> {
  const key = await erasureKey(connection);
  const { dialect } = connection;
  const rows = [
    ...contacts.map((contact) => ({
      hash: hashOf(key, contact),
      up_to: upTo,
      unfinished: unfinished ? 1 : null,
    })),
    { hash: hashOf(key, contactKeyOf(NOBODY)), up_to: WHATEVER_RECEIPT, unfinished: null },
  ];
  await query(connection, {
    name: "bury_contacts",
    sql: `insert into erased_contacts (hash, up_to, unfinished)
      select hash, up_to, unfinished
        from ${rowsOf(dialect, "buried", { hash: "text", up_to: "bigint", unfinished: "integer" })} where true order by hash
      on conflict (hash) do update set
        up_to = case when erased_contacts.up_to < excluded.up_to then excluded.up_to else erased_contacts.up_to end,
        unfinished = coalesce(excluded.unfinished, erased_contacts.unfinished)
        where erased_contacts.up_to < excluded.up_to or excluded.unfinished = 1`,
    values: [asRows(rows)],
  });
}

/** Hashes of customers whose erasure somebody has to go on with: some of them, when there are many. */
export async function unfinishedCustomers(connection: Connection, limit = 1_000): Promise<string[]> {
  const rows = await query<{ hash: string }>(connection, {
    name: "unfinished_customers",
    sql: "select hash from erased_contacts where unfinished = 1 order by hash limit ?",
    values: [limit],
  });
  return rows.map(({ hash }) => hash);
}

/** Nothing of these is left in Redis. */
export async function finishCustomers(connection: Connection, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  await query(connection, {
    name: "finish_customers",
    sql: `update erased_contacts set unfinished = null where ${among(connection.dialect, "hash", "text")}`,
    values: [asList(connection.dialect, hashes)],
  });
}

/** Lasts until the transaction ends. On SQLite a write, though of nothing, takes the one writer's place. */
export async function lockErasedContacts({ dialect, knex }: Connection): Promise<void> {
  await knex.raw(
    dialect === "postgres"
      ? "lock table erased_contacts in access exclusive mode"
      : "delete from erased_contacts where false",
  );
}
