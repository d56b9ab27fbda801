import { setTimeout as sleep } from "node:timers/promises";
import { contactKeyOf, type Change, type Receipt } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { query, type Connection } from "./sql.ts";

/* What was committed about erased conversations before their tombstones, and is not announced yet. */

type Row = { id: string | number; frames: string };

const changesIn = ({ frames }: Row): Change[] =>
  frames.split("\n").flatMap((entry) => JSON.parse(entry) as Change[]);

/** Whether a change tells anything of one of these conversations but that it is erased. */
export function tellsOf(change: Change, conversations: ReadonlySet<string>): boolean {
  switch (change.event) {
    case "conversation":
      return conversations.has(change.conversation.id);
    case "assigned":
    case "message":
    case "message_removed":
    case "message_status":
    case "message_delivery":
    case "rejection":
      return conversations.has(change.conversation_id);
    case "refusals":
    case "deliveries":
    case "contact":
    case "erased":
      // Of a customer see {@link contactsIn}.
      return false;
    default:
      return change satisfies never;
  }
}

/** Which of these contacts, by their keys, were erased for good, and up to which receipt what is said of them is. */
export type ErasedContacts = (keys: readonly string[]) => Promise<ReadonlyMap<string, Receipt>>;

const contactIn = (change: Change): string[] =>
  change.event === "contact" ? [contactKeyOf(change.contact)] : [];

/** The contacts that these changes tell of by themselves, by their keys. */
export const contactsIn = (changes: readonly Change[]): string[] => [...new Set(changes.flatMap(contactIn))];

/**
 * Waits until all of it is announced, which takes workers moments; after `patienceMs`, when there is none to do it, takes
 * it out of what is left.
 */
export async function clearOutbox(
  store: Store,
  {
    conversations,
    contacts,
    patienceMs,
  }: { conversations: ReadonlySet<string>; contacts: ErasedContacts; patienceMs: number },
): Promise<void> {
  const connection: Connection = { dialect: store.dialect, knex: store.write };
  const tells = (change: Change, erased: ReadonlyMap<string, Receipt>): boolean =>
    tellsOf(change, conversations) || contactIn(change).some((key) => erased.has(key));
  const erasedIn = (rows: readonly Row[]) => contacts(contactsIn(rows.flatMap(changesIn)));
  const pending = async (): Promise<Row[]> => {
    // The outbox holds what was committed in the last moments.
    const rows = await query<Row>(connection, {
      name: "outbox",
      sql: "select id, frames from outbox",
      values: [],
    });
    const erased = await erasedIn(rows);
    return rows.filter((row) => changesIn(row).some((change) => tells(change, erased)));
  };
  const until = performance.now() + patienceMs;
  let rows = await pending();
  while (rows.length > 0 && performance.now() < until) {
    await sleep(100);
    rows = await pending();
  }
  const erased = await erasedIn(rows);
  for (const row of rows) {
    const kept = changesIn(row).filter((change) => !tells(change, erased));
    await query(connection, {
      name: "clear_outbox",
      sql: "update outbox set frames = ? where id = ?",
      values: [JSON.stringify(kept), row.id],
    });
  }
}
