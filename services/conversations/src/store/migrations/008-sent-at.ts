import type { Knex } from "knex";

/**
 * `messages.timestamp` is where a message stands, the earlier of what was sent and its receipt; `sent_at` is what was
 * sent where that differs, else null. So old rows, nearly all of which stand at what was sent, are right as they are,
 * and so are their indexes; the rest follows by a backfill.
 */
export async function up(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  await knex.schema.alterTable("messages", (table) => {
    table.specificType("sent_at", client === "pg" ? 'text collate "C"' : "text");
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable("messages", (table) => table.dropColumn("sent_at"));
}
