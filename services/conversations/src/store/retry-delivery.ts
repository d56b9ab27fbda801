import type { MessageDelivery } from "@fio/contracts";
import type { Store } from "./connect.ts";
import { TOLD_COLUMNS, deliveryOf, lockLanes, type ToldRow } from "./delivery-statements.ts";
import { query, together, type Connection } from "./sql.ts";

export type Retry =
  { kind: "waiting"; delivery: MessageDelivery } | { kind: "unknown" } | { kind: "not_failed" };

/** Has a message that was given up sent once more, as long as it is in its conversation. Whoever takes it up tells everyone. */
export async function retryDelivery(
  store: Store,
  { message, now }: { message: string; now: number },
): Promise<Retry> {
  const reader: Connection = { dialect: store.dialect, knex: store.write };
  const [known] = await query<{ conversation_id: string; state: string }>(reader, {
    name: "known_delivery",
    sql: "select conversation_id, state from deliveries where message_id = ?",
    values: [message],
  });
  if (known === undefined) return { kind: "unknown" };
  if (known.state !== "failed") return { kind: "not_failed" };
  return store.write.transaction(async (knex): Promise<Retry> => {
    const connection: Connection = { dialect: store.dialect, knex };
    await together(connection, [lockLanes(connection, [known.conversation_id], now)]);
    const rows = await query<ToldRow>(connection, {
      name: "retry_delivery",
      sql: `update deliveries set state = 'waiting', attempts = 0, started_at = null, ended_at = null, created_at = ?, asked_at = ?,
          reason = null, detail = null, version = version + 1
        where message_id = ? and state = 'failed' and exists (select 1 from messages where messages.id = deliveries.message_id
          and messages.conversation_id = deliveries.conversation_id)
        returning ${TOLD_COLUMNS}`,
      values: [now, now, message],
    });
    const [row] = rows;
    if (row === undefined) return { kind: "not_failed" };
    return { kind: "waiting", delivery: deliveryOf(row) };
  });
}
