import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  // Timestamps are text of fixed width, 2025-02-21T10:20:42.349308Z: sorted by code point they are in order.
  const { client } = (knex.client as { config: Knex.Config }).config;
  const timestampType = client === "pg" ? 'text collate "C"' : "text";

  await knex.schema.createTable("conversations", (table) => {
    table.uuid("id").primary();
    // No state: a placeholder, locked on and waited for; readers skip it.
    table.text("state");
    table.specificType("created_at", timestampType);
    table.bigInteger("created_receipt");
    table.specificType("closed_at", timestampType);
    table.bigInteger("closed_receipt");
    table.integer("version").notNullable().defaultTo(0);
    // What the list shows and sorts by, so that it never counts or joins.
    table.integer("message_count").notNullable().defaultTo(0);
    table.specificType("last_message_at", timestampType);
    table.text("last_message_preview");
    table.text("last_message_direction");
    table.specificType("activity_at", timestampType);
    table.index(["state", "activity_at", "id"]);
    table.index(["activity_at", "id"]);
  });

  await knex.schema.createTable("messages", (table) => {
    table.uuid("id").primary();
    table.uuid("conversation_id").notNullable();
    table.text("direction").notNullable();
    table.text("content").notNullable();
    table.specificType("timestamp", timestampType).notNullable();
    table.bigInteger("receipt").notNullable();
    table.index(["conversation_id", "timestamp", "receipt"]);
    table.index(["conversation_id", "receipt"]);
  });

  await knex.schema.createTable("unapplied_events", (table) => {
    table.bigInteger("receipt").primary();
    table.text("type").notNullable();
    table.uuid("event_id").notNullable();
    table.uuid("conversation_id").notNullable();
    table.text("event").notNullable();
    // CONVERSATION_NOT_FOUND also for those that wait within the grace: only the report tells the two apart.
    table.text("reason").notNullable();
    table.text("detail");
    table.index(["conversation_id", "receipt"]);
    table.index(["event_id", "type"]);
    table.index(["reason", "receipt"]);
  });

  await knex.schema.createTable("outbox", (table) => {
    table.bigIncrements("id");
    table.text("frames").notNullable();
    // Milliseconds since 1970.
    table.bigInteger("created_at").notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ["outbox", "unapplied_events", "messages", "conversations"]) {
    await knex.schema.dropTable(table);
  }
}
