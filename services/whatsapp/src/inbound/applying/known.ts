import type { Contact, ConversationRow } from "@fio/contracts";
import { conversationAfter, conversationAnewOf, firstConversationOf } from "../reading/ids.ts";
import type { Person } from "../reading/person.ts";
import type { ReadApi } from "./read-api.ts";

/** What Fio knows of a person. */
export type Known = {
  /** The conversation that their next message belongs to. */
  open: ConversationRow | null;
  /** Of all their conversations. */
  conversations: ReadonlySet<string>;
  /** By which they are known, together. */
  ids: ReadonlySet<string>;
  name: string | null;
  phone: string | null;
  /** Whether anything was ever said of them. */
  isKnown: boolean;
};

/** Asks by every id that was told, since two of them may not be joined yet. */
export async function lookUp(api: ReadApi, person: Person): Promise<Known> {
  const names = [person.id, ...(person.also === null ? [] : [person.also])];
  const found = await Promise.all(names.map((id) => api.contact(person.channel, id)));
  const contacts = found.filter((contact): contact is Contact => contact !== null);
  const rows = contacts.flatMap(({ conversations }) => conversations);
  return {
    open: latest(rows.filter(({ state }) => state === "OPEN")),
    conversations: new Set(rows.map(({ id }) => id)),
    ids: joined(person.id, contacts),
    name: contacts.map(({ name }) => name).find((name) => name !== null) ?? null,
    phone: contacts.map(({ phone }) => phone).find((phone) => phone !== null) ?? null,
    isKnown: contacts.length > 0,
  };
}

/** Of several that are open (agents may open some) the one that was opened last. */
function latest(rows: readonly ConversationRow[]): ConversationRow | null {
  const order = ({ created_at, id }: ConversationRow): string => `${created_at} ${id}`;
  return rows.reduce<ConversationRow | null>(
    (last, row) => (last === null || order(row) > order(last) ? row : last),
    null,
  );
}

const joined = (id: string, contacts: readonly Contact[]): ReadonlySet<string> =>
  new Set(
    contacts
      .map((contact) => [contact.id, ...contact.also.map((other) => other.id)])
      .filter((ids) => ids.includes(id))
      .flat(),
  );

/**
 * The next conversation to open: from the contact's first one on each leads to the one after it, and the first that is
 * not taken is it. Whoever asks, and how often, finds the same one. `anewBy`: those of the contact were erased, as far as one
 * knows, and this message begins anew; however many they were, the next is not among them.
 */
export function nextConversation(
  { channel, id }: Person,
  { taken, anewBy }: { taken: ReadonlySet<string>; anewBy: string | null },
): string {
  let next = anewBy === null ? firstConversationOf(channel, id) : conversationAnewOf(channel, id, anewBy);
  while (taken.has(next)) next = conversationAfter(next);
  return next;
}
