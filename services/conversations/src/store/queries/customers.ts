import type { Knex } from "knex";
import type {
  ContactRow,
  HistoryEntry,
  Receipt,
  RejectionReason,
  ShownEvent,
  Timestamp,
} from "@fio/contracts";
import { endingsOf, fullNumbersOf } from "@fio/contracts/phone-numbers";
import { phoneTerm } from "../contact-terms.ts";
import { among, asList, query, type Connection } from "../sql.ts";
import { receiptFrom, type StoredReceipt } from "../rows.ts";
import { dialectOf } from "./raw.ts";
import { reported } from "./reported.ts";
import { eventFrom } from "./rows.ts";

/** Whoever a number belongs to: of more than so many none is listed. */
export const MOST_CUSTOMERS = 50;
const MOST_LOOKED_AT = 4 * MOST_CUSTOMERS;
const PHONE = /^[0-9 +\-.()/\u2010-\u2015]+$/u;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** A person, by all their ids. */
export type Customer = { person: string; contacts: Array<ContactRow & { key: string }> };

type Row = ContactRow & { key: string; person: string };

/**
 * Who is meant by the key of a contact, by an id of theirs in whatever channel, or by a phone number in whatever way it is written,
 * with its ninth digit and without; each from an index. More than {@link MOST_CUSTOMERS}: one more than that.
 */
export async function findCustomers(db: Knex, asked: string): Promise<Customer[]> {
  const connection: Connection = { dialect: dialectOf(db), knex: db };
  const numbers = PHONE.test(asked.trim()) ? fullNumbersOf(asked) : [];
  const persons = await personsNamed(db, asked, numbers);
  if (persons.length === 0) return [];
  const rows = await query<Row>(connection, {
    name: "contacts_of_customers",
    sql: `select key, channel, id, person, name, phone, version from contacts
      where ${among(connection.dialect, "person", "uuid")} order by person, key`,
    values: [asList(connection.dialect, persons)],
  });
  const isMeant = ({ key, id, phone }: Row): boolean =>
    key === asked.toLowerCase() || id === asked || isOneOf(numbers, id) || isOneOf(numbers, phone ?? "");
  return [...Map.groupBy(rows, ({ person }) => person)]
    .filter(([, contacts]) => contacts.some(isMeant))
    .slice(0, MOST_CUSTOMERS + 1)
    .map(([person, contacts]) => ({
      person,
      contacts: contacts.map(({ person: _, ...contact }) => contact),
    }));
}

/** Those whom a look-up leads to; of those with a number that ends alike some are not meant. */
async function personsNamed(db: Knex, asked: string, numbers: readonly string[]): Promise<string[]> {
  const endings = numbers.flatMap(endingsOf);
  const written = [...numbers, ...endings].flatMap((one) => [one, `+${one}`, `55${one}`, `+55${one}`]);
  const byId = await db("contacts")
    .whereIn("id", [...new Set([asked, ...written])])
    .limit(MOST_LOOKED_AT)
    .pluck<string[]>("person");
  // In two steps: of both tables joined, SQLite may take the contacts first.
  const named = db("contact_terms").whereIn("term", endings.map(phoneTerm)).limit(MOST_LOOKED_AT);
  const keys = [
    ...(endings.length === 0 ? [] : await named.pluck<string[]>("contact")),
    ...(UUID.test(asked) ? [asked.toLowerCase()] : []),
  ];
  const byKey =
    keys.length === 0
      ? []
      : await db("contacts")
          .whereIn("key", [...new Set(keys)])
          .pluck<string[]>("person");
  return [...new Set([...byId, ...byKey])];
}

const isOneOf = (numbers: readonly string[], written: string): boolean =>
  numbers.length > 0 && fullNumbersOf(written).some((number) => numbers.includes(number));

/** Some of the conversations of these contacts, by their keys; none where there is none. */
export async function conversationsOfContacts(
  db: Knex,
  { contacts, limit }: { contacts: readonly string[]; limit: number },
): Promise<string[]> {
  const dialect = dialectOf(db);
  const rows = await query<{ id: string }>(
    { dialect, knex: db },
    {
      name: "conversations_of_customer",
      sql: `select id from conversations where ${among(dialect, "contact_key", "uuid")} limit ?`,
      values: [asList(dialect, contacts), limit],
    },
  );
  return rows.map(({ id }) => id);
}

/** Of conversations that are about to be created for these contacts those that nobody else has under the same id. */
export async function notOfOthers(
  db: Knex,
  { ids, contacts }: { ids: readonly string[]; contacts: readonly string[] },
): Promise<string[]> {
  if (ids.length === 0) return [];
  const taken = await db("conversations")
    .whereIn("id", ids)
    .whereNotNull("state")
    .select<Array<{ id: string; contact_key: string | null }>>("id", "contact_key");
  const others = new Set(
    taken.filter(({ contact_key: key }) => key === null || !contacts.includes(key)).map(({ id }) => id),
  );
  return ids.filter((id) => !others.has(id));
}

/** What was said of a contact apart from its conversations, oldest first; `overdue` as for a history. */
export async function updatesOfContact(
  db: Knex,
  { key, overdue }: { key: string; overdue: Receipt },
): Promise<HistoryEntry[]> {
  const applied = await db("contact_sayings")
    .where({ contact: key })
    .whereNotNull("timestamp")
    .select<Array<{ receipt: StoredReceipt; timestamp: Timestamp; said: string }>>(
      "receipt",
      "timestamp",
      "said",
    );
  const failed = await db("unapplied_events")
    .where({ conversation_id: key, type: "UPDATE_CONTACT" })
    .select<Array<{ receipt: StoredReceipt; event: string; reason: RejectionReason; detail: string | null }>>(
      "receipt",
      "event",
      "reason",
      "detail",
    );
  const entries = [
    ...applied.map(({ receipt, timestamp, said }) => ({
      receipt: receiptFrom(receipt),
      event: { type: "UPDATE_CONTACT", timestamp, data: JSON.parse(said) as ShownEvent["data"] } as const,
      outcome: "applied" as const,
    })),
    ...failed.map(({ receipt: stored, event, reason, detail }) => {
      const receipt = receiptFrom(stored);
      return { receipt, event: eventFrom(event), ...reported({ receipt, reason, detail }, overdue) };
    }),
  ];
  return entries.toSorted((one, other) => (one.receipt < other.receipt ? -1 : 1));
}
