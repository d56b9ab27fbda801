import { query } from "../sql.ts";
import { BELOW_ALL_IDS, type Backfill } from "./backfill.ts";

/** Kept in the store, and asked for by whoever relies on it. */
export const VOCABULARY = "vocabulary";

/** Puts the words of messages from before `search_words` into it, as its triggers do. */
export const vocabulary: Backfill = {
  name: VOCABULARY,
  step: async (connection, { after, limit }) => {
    if (connection.dialect === "sqlite") return { next: null, rows: 0 };
    const [walked] = await query<{ next: string | null; rows: number }>(connection, {
      name: "backfill_vocabulary",
      sql: `with walked as materialized (select id, words from messages where id > ? order by id limit ?),
        added as (
          insert into search_words (word)
            select distinct left(word, 64) collate "C" as word
              from walked, unnest(string_to_array(words, ' ')) as word
              where word <> '' and word !~ '^[0-9\ue000]' order by 1
            on conflict (word) do nothing returning 1)
        select (select id from walked order by id desc limit 1) as next, (select count(*) from walked)::int as rows`,
      values: [after ?? BELOW_ALL_IDS, limit],
    });
    const { next = null, rows = 0 } = walked ?? {};
    return { next: rows < limit ? null : next, rows };
  },
};
