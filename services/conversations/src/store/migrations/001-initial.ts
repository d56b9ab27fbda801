import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  // Timestamps are text of fixed width, 2025-02-21T10:20:42.349308Z: sorted by code point they are in order.
  const { client } = (knex.client as { config: Knex.Config }).config;
  const timestampType = client === "pg" ? 'text collate "C"' : "text";

  await knex.schema.createTable("conversations", (table) => {
    table.uuid("id").primary();
    // No state: a placeholder, which a transaction locks on while the creation is waited for; readers skip it.
    table.text("state");
    table.specificType("created_at", timestampType);
    table.bigInteger("created_receipt");
    table.specificType("closed_at", timestampType);
    table.bigInteger("closed_receipt");
    table.integer("version").notNullable().defaultTo(0);
    // What the list shows and sorts by, so that it never counts or joins.
    table.integer("message_count").notNullable().defaultTo(0);
    table.specificType("last_message_at", timestampType);
    table.bigInteger("last_message_receipt");
    table.text("last_message_preview");
    table.text("last_message_direction");
    // The later of the creation and the last message.
    table.specificType("activity_at", timestampType);
    // The highest receipt of all that was ever applied here: no receipt may be given twice.
    table.bigInteger("highest_receipt");
    table.index(["state", "activity_at", "id"]);
    table.index(["activity_at", "id"]);
    table.index(["highest_receipt"]);
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
    // JSON, whole and as it was accepted. Under INTERNAL_ERROR it may be anything that carries these ids.
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
    // When it was written or last claimed to be announced, in milliseconds since 1970.
    table.bigInteger("claimed_at").notNullable();
  });

  // Events that are being tried alone because they may kill the process: found here uncommitted, they have.
  await knex.schema.createTable("trials", (table) => {
    table.bigInteger("receipt").primary();
    table.integer("stalls").notNullable();
    table.boolean("committed").notNullable().defaultTo(false);
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ["trials", "outbox", "unapplied_events", "messages", "conversations"]) {
    await knex.schema.dropTable(table);
  }
}
