import type { Knex } from "knex";
import type { ContactRow } from "@fio/contracts";

export type StoredRow = ContactRow & { key: string };

/** The contacts of rows of a list, by their keys; nothing is asked where no row has one. */
export async function contactsOf(
  db: Knex,
  rows: ReadonlyArray<{ contact_key: string | null }>,
): Promise<Map<string, ContactRow>> {
  const keys = [...new Set(rows.flatMap(({ contact_key }) => contact_key ?? []))];
  if (keys.length === 0) return new Map();
  const found = await db("contacts")
    .whereIn("key", keys)
    .select<StoredRow[]>("key", "channel", "id", "name", "phone", "version");
  return new Map(found.map(({ key, ...contact }) => [key, contact]));
}
