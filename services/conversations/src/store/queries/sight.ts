import type { Knex } from "knex";
import type { Page } from "./page.ts";
import { rawRows } from "./raw.ts";

/** What whoever asks may see: the conversations of an agent, by the account's id, and nobody's; `null`: all. */
export type Sight = { agent: string } | null;

/** `holder`: who has a conversation, `null` or `undefined` for nobody. */
export const sees = (sight: Sight, holder: string | null | undefined): boolean =>
  sight === null || holder === null || holder === undefined || holder === sight.agent;

/** Those of these conversations that may not be seen; what does not exist is nobody's. By the primary key. */
export async function hiddenOf(db: Knex, sight: Sight, ids: readonly string[]): Promise<Set<string>> {
  if (sight === null || ids.length === 0) return new Set();
  const rows = await db("conversations")
    .whereIn("id", [...new Set(ids)])
    .whereNotNull("assigned_id")
    .whereNot("assigned_id", sight.agent)
    .select<Array<{ id: string }>>("id");
  return new Set(rows.map(({ id }) => id));
}

export const isHidden = async (db: Knex, sight: Sight, id: string): Promise<boolean> =>
  (await hiddenOf(db, sight, [id])).size > 0;

/** What one request looks at to fill a page of what may be seen: so many pages of so many. */
const ROUNDS = 5;
const LOOKED_AT = 100;

/**
 * A page of what may be seen of a list of everybody's. What it costs is bounded, so that it may be short, or empty, and still
 * lead on.
 */
export async function seenPage<Item extends { conversation_id: string }, Key>(
  db: Knex,
  sight: Sight,
  {
    limit,
    before,
    read,
    keyOf,
  }: {
    limit: number;
    before: Key | undefined;
    read: (asked: { limit: number; before: Key | undefined }) => Promise<Page<Item, Key>>;
    keyOf: (item: Item) => Key;
  },
): Promise<Page<Item, Key>> {
  if (sight === null) return read({ limit, before });
  const items: Item[] = [];
  let at = before;
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await read({ limit: LOOKED_AT, before: at });
    const hidden = await hiddenOf(
      db,
      sight,
      page.items.map((item) => item.conversation_id),
    );
    items.push(...page.items.filter((item) => !hidden.has(item.conversation_id)));
    const last = items[limit - 1];
    if (items.length > limit && last !== undefined)
      return { items: items.slice(0, limit), next: keyOf(last) };
    if (page.next === null) return { items, next: null };
    at = page.next;
  }
  return { items: items.slice(0, limit), next: at ?? null };
}

/** Who has a conversation, as of which version. */
export type HeldAs = { version: number; holder: string | null };

/** Who has which of these conversations; those that do not exist are left out. */
export async function holdersOf(db: Knex, ids: readonly string[]): Promise<Map<string, HeldAs>> {
  const rows = await db("conversations")
    .whereIn("id", ids)
    .select<Array<{ id: string; version: number; assigned_id: string | null }>>(
      "id",
      "version",
      "assigned_id",
    );
  return new Map(rows.map(({ id, version, assigned_id }) => [id, { version, holder: assigned_id }]));
}

/** Who has conversations of these contacts, `null` among them where nobody has one; by the keys of the contacts. */
export async function holdersOfContacts(
  db: Knex,
  keys: readonly string[],
): Promise<Map<string, Set<string | null>>> {
  const rows = await rawRows<{ contact_key: string; assigned_id: string | null }>(
    db,
    `select distinct contact_key, assigned_id from conversations
      where state is not null and contact_key in (${keys.map((_, index) => `:key${index}`).join(", ")})`,
    Object.fromEntries(keys.map((key, index) => [`key${index}`, key])),
  );
  const holders = new Map(keys.map((key) => [key, new Set<string | null>()]));
  for (const { contact_key, assigned_id } of rows) holders.get(contact_key)?.add(assigned_id);
  return holders;
}
