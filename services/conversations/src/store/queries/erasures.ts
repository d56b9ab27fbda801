import type { Knex } from "knex";
import type { Erasure, EventType } from "@fio/contracts";
import { pageOf, type Page } from "./page.ts";

/** The last erasure of a page: its time in milliseconds, as text, and its conversation. */
export type ErasureKey = [erasedAt: string, conversation: string];

type Row = { conversation_id: string; erased_at: string | number };

/** Conversations that were erased for good since a time (milliseconds since 1970), oldest first. */
export async function listErasures(
  db: Knex,
  { since, after, limit }: { since: number; after: ErasureKey | undefined; limit: number },
): Promise<Page<Erasure, ErasureKey>> {
  const query = db<Row>("tombstones")
    .orderBy("erased_at")
    .orderBy("conversation_id")
    .limit(limit + 1);
  if (after === undefined) void query.where("erased_at", ">=", since);
  else void query.whereRaw("(erased_at, conversation_id) > (?, ?)", [Number(after[0]), after[1]]);
  const rows = await query.select("conversation_id", "erased_at");
  return pageOf(rows, {
    limit,
    key: (row) => [String(row.erased_at), row.conversation_id],
    item: ({ conversation_id, erased_at }) => ({
      conversation_id,
      erased_at: new Date(Number(erased_at)).toISOString(),
    }),
  });
}

export async function isErased(db: Knex, conversation: string): Promise<boolean> {
  const row: unknown = await db("tombstones")
    .where({ conversation_id: conversation })
    .first("conversation_id");
  return row !== undefined;
}

/** Whether an event under this id was of a conversation that is erased. */
export async function isErasedEvent(
  db: Knex,
  { type, id }: { type: EventType; id: string },
): Promise<boolean> {
  if (type !== "NEW_MESSAGE" && type !== "MESSAGE_STATUS") return isErased(db, id);
  return (await db("erased_messages").where({ id }).first<unknown>("id")) !== undefined;
}
