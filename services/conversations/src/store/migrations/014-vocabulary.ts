import type { Knex } from "knex";

/*
 * On Postgres, the words that messages hold: an index of texts gives all that begins with some letters only by putting
 * every match of it together first, while the matches of a word are read as far as they are asked for. So a search looks
 * up which words begin so. SQLite's index can be asked for its words itself.
 *
 * What begins with a digit is left out: numbers are many and each is rare. Of longer words there is the beginning. The
 * database writes it, so that workers of the version before do too.
 */

const KEPT =
  "word <> '' and ascii(word) not between ascii('0') and ascii('9') and ascii(word) <> x'e000'::int";

const POSTGRES = [
  `create table search_words (word text collate "C" primary key)`,
  `create function keep_search_words() returns trigger language plpgsql as $$
  begin
    insert into search_words (word)
      select added.word
        from (select distinct left(word, 64) collate "C" as word
          from string_to_table((select string_agg(words, ' ') from added_messages), ' ') as word
          where ${KEPT}) as added
        where not exists (select 1 from search_words where search_words.word = added.word)
        order by 1
      on conflict (word) do nothing;
    return null;
  end $$`,
  `create trigger search_words_insert after insert on messages referencing new table as added_messages
    for each statement execute function keep_search_words()`,
  `create function keep_changed_search_words() returns trigger language plpgsql as $$
  begin
    insert into search_words (word)
      select distinct left(word, 64) collate "C" as word
        from unnest(string_to_array(new.words, ' ')) as word where ${KEPT} order by 1
      on conflict (word) do nothing;
    return null;
  end $$`,
  `create trigger search_words_update after update of words on messages
    for each row execute function keep_changed_search_words()`,
  // Where there are messages a worker puts their words in, and the table is not relied on before.
  `insert into backfills (name, walk, not_before, rows, finished)
    select 'vocabulary', 2, 0, 0, true where not exists (select 1 from messages)`,
];

export async function up(knex: Knex): Promise<void> {
  if (!isPostgres(knex)) return;
  for (const statement of POSTGRES) await knex.raw(statement);
}

export async function down(knex: Knex): Promise<void> {
  if (!isPostgres(knex)) return;
  for (const name of ["update", "insert"]) await knex.raw(`drop trigger search_words_${name} on messages`);
  for (const name of ["keep_changed_search_words", "keep_search_words"]) {
    await knex.raw(`drop function ${name}()`);
  }
  await knex.raw("drop table search_words");
  await knex.raw("delete from backfills where name = 'vocabulary'");
}

const isPostgres = (knex: Knex): boolean => (knex.client as { config: Knex.Config }).config.client === "pg";
