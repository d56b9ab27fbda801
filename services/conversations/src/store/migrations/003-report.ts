import type { Knex } from "knex";

/** What is not applied is told page by page in the order of receipts, by conversation and by event: straight from an index. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("unapplied_events", (table) => {
    table.index(["conversation_id", "reason", "receipt"]);
    table.dropIndex(["event_id", "type"]);
    table.index(["event_id", "type", "receipt"]);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable("unapplied_events", (table) => {
    table.dropIndex(["conversation_id", "reason", "receipt"]);
    table.dropIndex(["event_id", "type", "receipt"]);
    table.index(["event_id", "type"]);
  });
}
