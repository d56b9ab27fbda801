import type { Knex } from "knex";

/*
 * What stays of conversations that were erased for good: ids, so that nothing of them comes in again. Workers of the version
 * before do not look here: erase when all workers are of this version.
 */

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("tombstones", (table) => {
    table.uuid("conversation_id").primary();
    // In milliseconds since 1970.
    table.bigInteger("erased_at").notNullable();
    // Null while something of it may still be stored, here or in Redis.
    table.bigInteger("finished_at");
    table.index(["erased_at", "conversation_id"]);
  });
  await knex.raw(
    "create index tombstones_unfinished on tombstones (conversation_id) where finished_at is null",
  );
  await knex.schema.createTable("erased_messages", (table) => {
    table.uuid("id").primary();
  });
  // By which all that was said of a customer is found, also what says neither name nor phone.
  await knex.raw("create index contact_sayings_contact on contact_sayings (contact)");
  if (isPostgres(knex)) {
    // Words of erased messages, until it is known whether another message holds them.
    await knex.raw(`create table erased_words (word text collate "C" primary key)`);
  } else {
    // Words of messages that go leave the index at once, and not when its parts are merged some day.
    await knex.raw("insert into message_search (message_search, rank) values ('secure-delete', 1)");
  }
}

export async function down(knex: Knex): Promise<void> {
  if (isPostgres(knex)) await knex.schema.dropTable("erased_words");
  else await knex.raw("insert into message_search (message_search, rank) values ('secure-delete', 0)");
  await knex.raw("drop index contact_sayings_contact");
  await knex.schema.dropTable("erased_messages");
  await knex.schema.dropTable("tombstones");
}

const isPostgres = (knex: Knex): boolean => (knex.client as { config: Knex.Config }).config.client === "pg";
