import type { Knex } from "knex";

/*
 * Both databases index the words that Fio itself cut and folded (`words`, see searchable-words.ts), and neither applies
 * rules of its own to them: SQLite's `ascii` tokenizer splits at the spaces between them, and Postgres takes them as
 * they are. Whoever writes a message writes its words; the index follows inside the database.
 */

const SQLITE = [
  // Contentless, without positions and lengths: the least that finds a message.
  `create virtual table message_search using fts5(
    words, content = '', columnsize = 0, detail = none, tokenize = 'ascii', prefix = '2 3')`,
  "create index messages_receipt_index on messages (receipt)",
  `create trigger message_search_insert after insert on messages begin
    insert into message_search (rowid, words) values (new.receipt, new.words);
  end`,
  `create trigger message_search_delete after delete on messages begin
    insert into message_search (message_search, rowid, words) values ('delete', old.receipt, old.words);
  end`,
  `create trigger message_search_update after update of words, receipt on messages begin
    insert into message_search (message_search, rowid, words) values ('delete', old.receipt, old.words);
    insert into message_search (rowid, words) values (new.receipt, new.words);
  end`,
];

const POSTGRES = [
  // What is new waits in a list that every search reads and some insert must put in its place: a short one, in kB.
  `create index messages_search on messages using gin (array_to_tsvector(string_to_array(words, ' ')))
    with (gin_pending_list_limit = 1024)`,
];

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("messages", (table) => {
    table.text("words").notNullable().defaultTo("");
  });
  const { client } = (knex.client as { config: Knex.Config }).config;
  for (const statement of client === "pg" ? POSTGRES : SQLITE) await knex.raw(statement);
}

export async function down(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  if (client !== "pg") {
    for (const name of ["insert", "delete", "update"]) await knex.raw(`drop trigger message_search_${name}`);
    await knex.raw("drop table message_search");
    await knex.raw("drop index messages_receipt_index");
  }
  // On Postgres the index goes with its column.
  await knex.schema.alterTable("messages", (table) => table.dropColumn("words"));
}
