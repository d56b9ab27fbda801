import type { Knex } from "knex";
import { contactKeyOf, type Contact, type ContactName } from "@fio/contracts";
import { contactsOf, type StoredRow } from "./contact-rows.ts";
import type { ListKey } from "./conversations.ts";
import { pageOf, type Page } from "./page.ts";
import { rawRows } from "./raw.ts";
import type { Sight } from "./sight.ts";
import { CONVERSATION_COLUMNS, conversationFrom, type ConversationColumns } from "./rows.ts";

/** The most ids of one person that are read: people change their numbers, but not that often. */
const MOST_IDS = 20;

/**
 * A customer, their other ids, and a page of their conversations, newest activity first; `null` when nothing was ever said
 * of them. Each id's conversations are read from the end of an index.
 */
export async function readContact(
  db: Knex,
  {
    name,
    limit,
    before,
    sight = null,
  }: { name: ContactName; limit: number; before?: ListKey | undefined; sight?: Sight },
): Promise<{ contact: Contact; next: ListKey | null } | null> {
  const key = contactKeyOf(name);
  const persons = await db("contacts as own")
    .join("contacts as contact", "contact.person", "own.person")
    .where("own.key", key)
    .orderBy("contact.key")
    .limit(MOST_IDS)
    .select<StoredRow[]>(
      "contact.key",
      "contact.channel",
      "contact.id",
      "contact.name",
      "contact.phone",
      "contact.version",
    );
  const own = persons.find((one) => one.key === key) ?? (await ownRow(db, key));
  if (own === undefined) return null;
  const page = await conversationsOf(
    db,
    persons.map((one) => one.key),
    { limit, before, sight },
  );
  // Whoever is held to conversations knows customers by these alone.
  if (sight !== null && page.items.length === 0) return null;
  const { key: _, ...contact } = own;
  const also = persons.filter((one) => one.key !== key).map(({ channel, id }) => ({ channel, id }));
  const isUnknown = contact.name === null && contact.phone === null && also.length === 0;
  // A creation that named it was displaced by a lower one.
  if (isUnknown && page.items.length === 0 && before === undefined) return null;
  return { contact: { ...contact, also, conversations: page.items }, next: page.next };
}

const ownRow = (db: Knex, key: string): Promise<StoredRow | undefined> =>
  db("contacts")
    .where({ key })
    .first<StoredRow | undefined>("key", "channel", "id", "name", "phone", "version");

async function conversationsOf(
  db: Knex,
  keys: readonly string[],
  { limit, before, sight }: { limit: number; before?: ListKey | undefined; sight: Sight },
): Promise<Page<Contact["conversations"][number], ListKey>> {
  const sorted = "order by activity_at desc, id desc limit :limit";
  const branch = (_: string, index: number): string => `select * from (
  select ${CONVERSATION_COLUMNS.join(", ")} from conversations
    where contact_key = :key${index} and state is not null
      ${sight === null ? "" : "and (assigned_id is null or assigned_id = :agent)"}
      ${before === undefined ? "" : "and (activity_at, id) < (:at, :id)"}
    ${sorted}) as of_${index}`;
  const rows = await rawRows<ConversationColumns>(
    db,
    `${keys.map(branch).join("\nunion all\n")}\n${sorted}`,
    {
      limit: limit + 1,
      ...Object.fromEntries(keys.map((key, index) => [`key${index}`, key])),
      ...(sight === null ? {} : { agent: sight.agent }),
      ...(before === undefined ? {} : { at: before[0], id: before[1] }),
    },
  );
  const contacts = await contactsOf(db, rows);
  return pageOf(rows, {
    limit,
    item: (row) => conversationFrom(row, contacts),
    key: (row): ListKey => [row.activity_at, row.id],
  });
}
