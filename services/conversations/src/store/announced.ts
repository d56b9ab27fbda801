import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "@fio/contracts";
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
      // A customer may have other conversations: what is known of them is told together with rows of theirs.
      return false;
    default:
      return change satisfies never;
  }
}

/**
 * Waits until all of it is announced, which takes workers moments; after `patienceMs`, when there is none to do it, takes
 * it out of what is left.
 */
export async function clearOutbox(
  store: Store,
  { conversations, patienceMs }: { conversations: ReadonlySet<string>; patienceMs: number },
): Promise<void> {
  const connection: Connection = { dialect: store.dialect, knex: store.write };
  const pending = async (): Promise<Row[]> => {
    // The outbox holds what was committed in the last moments.
    const rows = await query<Row>(connection, {
      name: "outbox",
      sql: "select id, frames from outbox",
      values: [],
    });
    return rows.filter((row) => changesIn(row).some((change) => tellsOf(change, conversations)));
  };
  const until = performance.now() + patienceMs;
  let rows = await pending();
  while (rows.length > 0 && performance.now() < until) {
    await sleep(100);
    rows = await pending();
  }
  for (const row of rows) {
    const kept = changesIn(row).filter((change) => !tellsOf(change, conversations));
    await query(connection, {
      name: "clear_outbox",
      sql: "update outbox set frames = ? where id = ?",
      values: [JSON.stringify(kept), row.id],
    });
  }
}
