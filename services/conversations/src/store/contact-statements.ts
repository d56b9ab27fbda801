import {
  contactKeyOf,
  type AcceptedUpdate,
  type ContactName,
  type ContactRow,
  type ContactSaid,
  type ContactUpdate,
  type Receipt,
  type Timestamp,
} from "@fio/contracts";
import type { Saying } from "../domain/index.ts";
import { contentHash } from "./content-hash.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { among, asList, asRows, rowsOf, type ColumnType, type Connection, type Statement } from "./sql.ts";

/* What reads and writes contacts, for all those of a batch at once; `null` where there is nothing to do. */

/** That no two sayings have one receipt. */
export const SAYING_RECEIPT_INDEX = {
  name: "contact_sayings_receipt_unique",
  table: "contact_sayings",
  column: "receipt",
} as const;

export type StoredContact = ContactRow & { key: string; person: string };

const CONTACT_COLUMNS = "key, channel, id, person, name, phone, version";

/** The contacts of the persons that have one of these. */
export const selectOfPersons = (
  { dialect }: Connection,
  name: string,
  keys: readonly string[],
): Statement => ({
  name,
  sql: `select ${CONTACT_COLUMNS} from contacts
    where person in (select person from contacts where ${among(dialect, "key", "uuid")}) order by key`,
  values: [asList(dialect, keys)],
});

export function selectContacts({ dialect }: Connection, keys: readonly string[]): Statement | null {
  if (keys.length === 0) return null;
  return {
    name: "select_contacts",
    sql: `select ${CONTACT_COLUMNS} from contacts where ${among(dialect, "key", "uuid")}`,
    values: [asList(dialect, keys)],
  };
}

/** Inserts what is missing and locks what is there, in the order of the keys: as conversations are, after them. */
export function lockContacts({ dialect }: Connection, contacts: readonly ContactName[]): Statement {
  const conflict = dialect === "postgres" ? "do update set version = held.version where false" : "do nothing";
  return {
    name: "lock_contacts",
    sql: `insert into contacts as held (key, channel, id, person)
      select key, channel, id, key
        from ${rowsOf(dialect, "wanted", { key: "uuid", channel: "text", id: "text" })} where true order by key
      on conflict (key) ${conflict}`,
    values: [
      asRows(contacts.map(({ channel, id }) => ({ key: contactKeyOf({ channel, id }), channel, id }))),
    ],
  };
}

/** What a conversation's creation said; `said` null: it holds no longer, or never named a contact. */
export type CreationSaying = { conversation: string; receipt: Receipt; said: ContactSaid | null };

const SAYING: Record<string, ColumnType> = {
  source: "text",
  receipt: "bigint",
  contact: "uuid",
  timestamp: "text",
  said: "text",
  says_name: "integer",
  says_phone: "integer",
};

/** What is said once: of equal updates, and of creations of one conversation, the one with the lowest receipt stays. */
export function upsertSayings(
  { dialect }: Connection,
  updates: readonly AcceptedUpdate[],
  creations: readonly CreationSaying[],
): Statement | null {
  const row = (source: string, receipt: Receipt, said: ContactSaid, timestamp: Timestamp | null): object => ({
    source,
    receipt,
    contact: contactKeyOf(said),
    timestamp,
    said: JSON.stringify(said),
    says_name: said.name === undefined ? 0 : 1,
    says_phone: said.phone === undefined ? 0 : 1,
  });
  const rows = [
    ...updates.map(({ receipt, event }) => row(contentHash(event), receipt, event.data, event.timestamp)),
    ...creations.flatMap(({ conversation, receipt, said }) =>
      said === null ? [] : [row(conversation, receipt, said, null)],
    ),
  ];
  if (rows.length === 0) return null;
  const columns = Object.keys(SAYING);
  const others = columns.filter((column) => column !== "source");
  return {
    name: "upsert_sayings",
    sql: `insert into contact_sayings (${columns.join(", ")})
      select ${columns.join(", ")} from ${rowsOf(dialect, "added", SAYING)} where true order by source
      on conflict (source) do update set ${others.map((column) => `${column} = excluded.${column}`).join(", ")}
        where excluded.receipt < contact_sayings.receipt`,
    values: [asRows(rows)],
  };
}

export function deleteSayings({ dialect }: Connection, conversations: readonly string[]): Statement | null {
  if (conversations.length === 0) return null;
  return {
    name: "delete_sayings",
    sql: `delete from contact_sayings where ${among(dialect, "source", "text")}`,
    values: [asList(dialect, conversations)],
  };
}

export type CountsAtRow = { source: string; receipt: StoredReceipt };

/** The receipts at which these updates count. */
export function selectCounting(
  { dialect }: Connection,
  updates: readonly AcceptedUpdate[],
): Statement | null {
  if (updates.length === 0) return null;
  return {
    name: "select_counting_sayings",
    sql: `select source, receipt from contact_sayings where ${among(dialect, "source", "text")}`,
    values: [
      asList(
        dialect,
        updates.map(({ event }) => contentHash(event)),
      ),
    ],
  };
}

export type LatestRow = { contact: string; receipt: StoredReceipt; said: string };

/** Of each contact what was said last of its name and of its phone: two steps down an index, however much was said. */
export function selectLatest({ dialect }: Connection, keys: readonly string[]): Statement {
  const latest = (field: "name" | "phone"): string => `select contact, receipt, said from contact_sayings
    where receipt in (select (select latest.receipt from contact_sayings as latest
      where latest.contact = named.contact and latest.says_${field} = 1 order by latest.receipt desc limit 1)
      from ${rowsOf(dialect, "named", { contact: "uuid" })})`;
  const rows = asRows(keys.map((contact) => ({ contact })));
  return {
    name: "select_latest_sayings",
    sql: `${latest("name")} union all ${latest("phone")}`,
    values: [rows, rows],
  };
}

export const sayingFrom = ({ receipt, said }: LatestRow): Saying => ({
  receipt: receiptFrom(receipt),
  said: JSON.parse(said) as ContactSaid,
});

export function updateContacts(
  { dialect }: Connection,
  contacts: readonly StoredContact[],
): Statement | null {
  if (contacts.length === 0) return null;
  const columns: Record<string, ColumnType> = {
    key: "uuid",
    person: "uuid",
    name: "text",
    phone: "text",
    version: "integer",
  };
  return {
    name: "update_contacts",
    sql: `update contacts set person = changed.person, name = changed.name, phone = changed.phone,
        version = changed.version
      from ${rowsOf(dialect, "changed", columns)} where contacts.key = changed.key`,
    values: [asRows(contacts)],
  };
}

export function deleteTerms({ dialect }: Connection, keys: readonly string[]): Statement | null {
  if (keys.length === 0) return null;
  return {
    name: "delete_contact_terms",
    sql: `delete from contact_terms where ${among(dialect, "contact", "uuid")}`,
    values: [asList(dialect, keys)],
  };
}

export function insertTerms(
  { dialect }: Connection,
  terms: ReadonlyArray<{ term: string; contact: string }>,
): Statement | null {
  if (terms.length === 0) return null;
  return {
    name: "insert_contact_terms",
    sql: `insert into contact_terms (term, contact)
      select term, contact from ${rowsOf(dialect, "added", { term: "text", contact: "uuid" })} where true
      on conflict (term, contact) do nothing`,
    values: [asRows(terms)],
  };
}

/** Updates that had failed by our own fault, and are applied now. */
export function deleteFailedUpdates({ dialect }: Connection, receipts: readonly Receipt[]): Statement | null {
  if (receipts.length === 0) return null;
  return {
    name: "delete_failed_updates",
    sql: `delete from unapplied_events
      where ${among(dialect, "receipt", "bigint")} and type = 'UPDATE_CONTACT' returning receipt`,
    values: [asList(dialect, receipts)],
  };
}

export type SayingRow = { receipt: StoredReceipt; timestamp: Timestamp | null; said: string };

/** Updates under these receipts: of creations the conversation tells. */
export const updatesUnder = ({ dialect }: Connection, receipts: readonly Receipt[]): Statement => ({
  name: "contact_updates_under",
  sql: `select receipt, timestamp, said from contact_sayings
    where ${among(dialect, "receipt", "bigint")} and timestamp is not null`,
  values: [asList(dialect, receipts)],
});

export function updateFrom({ receipt, timestamp, said }: SayingRow): AcceptedUpdate[] {
  if (timestamp === null) return [];
  const data = JSON.parse(said) as ContactUpdate["data"];
  return [{ receipt: receiptFrom(receipt), event: { type: "UPDATE_CONTACT", timestamp, data } }];
}
