import type { Knex } from "knex";

/*
 * The name by which agents know a conversation follows from its id (contracts' handle.ts), and is kept as a number, so
 * that an index finds it, newest activity first in each state. Whoever inserts a row writes it; rows from before, and of
 * workers of the version before, get it by a backfill. Until then they are in neither index, so that both are empty when
 * they are made.
 */

export async function up(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  const tail = client === "pg" ? "right(id::text, 4)" : "substr(id, -4)";
  await knex.schema.alterTable("conversations", (table) => table.integer("handle"));
  await knex.raw(
    "create index conversations_handle on conversations (handle, state, activity_at, id) where handle is not null",
  );
  await knex.raw(
    `create index conversations_tail on conversations ((${tail}), handle, state, activity_at, id)
      where handle is not null`,
  );
}

export async function down(knex: Knex): Promise<void> {
  for (const index of ["conversations_tail", "conversations_handle"]) await knex.raw(`drop index ${index}`);
  await knex.schema.alterTable("conversations", (table) => table.dropColumn("handle"));
}
