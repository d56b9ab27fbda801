import type { Store } from "./connect.ts";
import { VOCABULARY_LENGTH } from "./queries/search-match.ts";
import { among, asList, query, together, type Connection } from "./sql.ts";

/* Takes words that were only in erased messages out of the vocabulary of Postgres. SQLite asks its index itself. */

const AT_ONCE = 20;

/** Looks at the next ones; false when none is left. */
export async function forgetWords(store: Store): Promise<boolean> {
  if (store.dialect === "sqlite") return false;
  const reader: Connection = { dialect: store.dialect, knex: store.write };
  const rows = await query<{ word: string }>(reader, {
    name: "erased_words",
    sql: "select word from erased_words order by word limit ?",
    values: [AT_ONCE],
  });
  const words = rows.map(({ word }) => word);
  if (words.length === 0) return false;
  // A common word takes long to look up, and is found: that is done before anyone has to wait.
  const rare = await unusedOf(reader, words);
  await store.write.transaction(async (knex) => {
    const connection: Connection = { dialect: store.dialect, knex };
    await knex.raw("set local lock_timeout = '2s'");
    // Whoever writes a message looks for its words here: either it waits, and finds them gone, or it is looked at below.
    await knex.raw("lock table search_words in share row exclusive mode");
    const unused = await unusedOf(connection, rare);
    await together(connection, [
      {
        name: "forget_words",
        sql: `delete from search_words where ${among("postgres", "word", "text")}`,
        values: [asList("postgres", unused.map(quoted))],
      },
      {
        name: "forget_erased_words",
        sql: `delete from erased_words where ${among("postgres", "word", "text")}`,
        values: [asList("postgres", words.map(quoted))],
      },
    ]);
  });
  return true;
}

/** Words hold letters, digits and emoji alone; `null` is one too. */
const quoted = (word: string): string => `"${word}"`;

async function unusedOf(connection: Connection, words: readonly string[]): Promise<string[]> {
  const unused: string[] = [];
  for (const word of words) {
    const rows = await query(connection, {
      name: "word_in_use",
      sql: `select 1 as one from messages
        where array_to_tsvector(string_to_array(words, ' ')) @@ ?::tsquery limit 1`,
      values: [`'${word}'${word.length >= VOCABULARY_LENGTH ? ":*" : ""}`],
    });
    if (rows.length === 0) unused.push(word);
  }
  return unused;
}
