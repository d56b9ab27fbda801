import type { Knex } from "knex";

/**
 * Who waits for the outcome of an event that waits for its conversation: whoever brings the conversation in tells them.
 * `waiters` and `replies` are JSON, see waiters.ts; null: nobody waits, as with all that an older worker writes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("unapplied_events", (table) => table.text("waiters"));
  await knex.schema.alterTable("outbox", (table) => table.text("replies"));
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable("unapplied_events", (table) => table.dropColumn("waiters"));
  await knex.schema.alterTable("outbox", (table) => table.dropColumn("replies"));
}
