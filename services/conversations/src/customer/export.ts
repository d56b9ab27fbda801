import type { Knex } from "knex";
import type { ContactName, ContactRow, ConversationRow, HistoryEntry, Receipt } from "@fio/contracts";
import { conversationsOfContacts, updatesOfContact, type Customer } from "../store/queries/customers.ts";
import { readHistory } from "../store/queries/history.ts";
import { readThread } from "../store/queries/thread.ts";

const PAGE = 500;
const CONVERSATIONS = 100_000;

/**
 * One line of an export: what is known of a customer under one of their ids, or of a conversation, then everything that was ever
 * sent about it.
 */
export type ExportLine =
  | { kind: "contact"; contact: Omit<ContactRow, "version"> }
  | ({ kind: "event"; contact: ContactName } & HistoryEntry)
  | { kind: "conversation"; conversation: Omit<ConversationRow, "activity_at"> & Record<string, unknown> }
  | ({ kind: "event"; conversation_id: string } & HistoryEntry);

/** All that the store holds of a customer: what is known under each id, what that follows from, and each conversation. */
export async function* exportCustomer(
  db: Knex,
  { contacts, overdue }: Pick<Customer, "contacts"> & { overdue: Receipt },
): AsyncGenerator<ExportLine> {
  for (const { key, channel, id, name, phone } of contacts) {
    yield { kind: "contact", contact: { channel, id, name, phone } };
    for (const entry of await updatesOfContact(db, { key, overdue }))
      yield { kind: "event", contact: { channel, id }, ...entry };
  }
  const keys = contacts.map(({ key }) => key);
  const own = await conversationsOfContacts(db, { contacts: keys, limit: CONVERSATIONS });
  for (const id of own) yield* exportConversation(db, { id, overdue });
}

/**
 * All that the store holds of a conversation, page by page: its row, then its events with their outcomes, newest receipt
 * first. None when none was created under this id, or it is erased. `overdue` as for the history.
 */
export async function* exportConversation(
  db: Knex,
  { id, overdue }: { id: string; overdue: Receipt },
): AsyncGenerator<ExportLine> {
  const thread = await readThread(db, { id, limit: 1 });
  if (thread.kind !== "read") return;
  const { messages: _, ...conversation } = thread.conversation;
  yield { kind: "conversation", conversation };
  for (let before: [Receipt] | undefined; ;) {
    const page = await readHistory(db, {
      ...{ id, limit: PAGE, overdue },
      ...(before === undefined ? {} : { before }),
    });
    for (const entry of page?.items ?? []) yield { kind: "event", conversation_id: id, ...entry };
    if (page === null || page.next === null) return;
    before = page.next;
  }
}
