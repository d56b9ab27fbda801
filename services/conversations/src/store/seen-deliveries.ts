import type { MessageDelivery } from "@fio/contracts";
import type { Store } from "./connect.ts";
import {
  DELIVERIES_CHANGED,
  TOLD_COLUMNS,
  UNSEEN,
  deliveryFrame,
  deliveryOf,
  type ToldRow,
} from "./delivery-statements.ts";
import { announcementOf, entriesOf, insertOutbox, type Announcement, type OutboxRow } from "./outbox.ts";
import { query, together, type Connection } from "./sql.ts";

export type Seen = { kind: "seen"; delivery: MessageDelivery } | { kind: "unknown" } | { kind: "not_failed" };

/** An agent has seen to a message that was given up: it is listed no more. A worker tells everyone, see {@link tellSeen}. */
export async function markSeen(store: Store, message: string): Promise<Seen> {
  const connection: Connection = { dialect: store.dialect, knex: store.write };
  const [marked] = await query<ToldRow>(connection, {
    name: "mark_seen",
    sql: `update deliveries set version = version + 1, seen_version = version + 1, untold = 1
      where message_id = ? and ${UNSEEN} returning ${TOLD_COLUMNS}`,
    values: [message],
  });
  if (marked !== undefined) return { kind: "seen", delivery: deliveryOf(marked) };
  const [known] = await query<ToldRow>(connection, {
    name: "seen_before",
    sql: `select ${TOLD_COLUMNS} from deliveries where message_id = ?`,
    values: [message],
  });
  if (known === undefined) return { kind: "unknown" };
  return known.state === "failed" ? { kind: "seen", delivery: deliveryOf(known) } : { kind: "not_failed" };
}

/** Tells everyone of up to `limit` that were seen to; `null` where there are none. */
export async function tellSeen(
  store: Store,
  { now, limit }: { now: number; limit: number },
): Promise<Announcement | null> {
  const reader: Connection = { dialect: store.dialect, knex: store.read };
  const any = await query(reader, {
    name: "any_untold",
    sql: "select message_id from deliveries where untold = 1 limit 1",
    values: [],
  });
  if (any.length === 0) return null;
  const skipLocked = store.dialect === "postgres" ? "for update skip locked" : "";
  return store.write.transaction(async (knex) => {
    const connection: Connection = { dialect: store.dialect, knex };
    const told = await query<ToldRow>(connection, {
      name: "tell_seen",
      sql: `update deliveries set untold = null
        where message_id in (select message_id from deliveries where untold = 1 order by message_id limit ? ${skipLocked})
        returning ${TOLD_COLUMNS}`,
      values: [limit],
    });
    if (told.length === 0) return null;
    const entries = entriesOf([...told.map(deliveryFrame), DELIVERIES_CHANGED]);
    const [outbox] = await together(connection, [insertOutbox({ entries, waiterReplies: [], now })]);
    return announcementOf(outbox as OutboxRow[], entries);
  });
}
