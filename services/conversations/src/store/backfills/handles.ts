import { handleNumberOf } from "@fio/contracts";
import { asRows, query, rowsOf } from "../sql.ts";
import { BELOW_ALL_IDS, type Backfill } from "./backfill.ts";
import { lockConversations } from "./refresh-conversations.ts";

/** Gives conversations from before migration 013 the number of their name, by which a search finds them. */
export const handles: Backfill = {
  name: "handles",
  step: async (connection, { after, limit }) => {
    const rows = await query<{ id: string; handle: number | null }>(connection, {
      name: "backfill_handles",
      sql: "select id, handle from conversations where id > ? order by id limit ?",
      values: [after ?? BELOW_ALL_IDS, limit],
    });
    const lacking = rows.flatMap(({ id, handle }) => (handle === null ? [id] : []));
    if (lacking.length > 0) {
      await lockConversations(connection, lacking);
      await query(connection, {
        name: "backfill_handles_given",
        sql: `update conversations set handle = given.handle
          from ${rowsOf(connection.dialect, "given", { id: "uuid", handle: "integer" })}
          where conversations.id = given.id and conversations.handle is null`,
        values: [asRows(lacking.map((id) => ({ id, handle: handleNumberOf(id) })))],
      });
    }
    return { next: rows.length < limit ? null : (rows.at(-1)?.id ?? null), rows: rows.length };
  },
};
