import type { Knex } from "knex";

/**
 * What became of messages on their way to the customer, each status once. The message may be in its conversation, or have
 * been refused by it: the row says nothing of that. Its state is the one with the highest `rank`.
 */
export async function up(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  const sorted = client === "pg" ? 'text collate "C"' : "text";
  await knex.schema.createTable("message_statuses", (table) => {
    // Equal statuses have the same: the one with the lowest receipt is kept.
    table.text("content_hash").primary();
    table.bigInteger("receipt").notNullable();
    table.uuid("message_id").notNullable();
    table.uuid("conversation_id").notNullable();
    table.specificType("timestamp", sorted).notNullable();
    table.text("status").notNullable();
    table.text("detail");
    table.specificType("rank", sorted).notNullable();
  });
  await knex.raw("create unique index message_statuses_receipt_unique on message_statuses (receipt)");
  await knex.raw(
    "create index message_statuses_state on message_statuses (message_id, conversation_id, rank)",
  );
  await knex.raw("create index message_statuses_conversation on message_statuses (conversation_id, receipt)");
  await knex.raw("create index message_statuses_outcome on message_statuses (message_id, receipt)");
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("message_statuses");
}
