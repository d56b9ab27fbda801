import type { Knex } from "knex";

/**
 * Who has each conversation. `assignments` holds what was said, each assignment once; the conversation's row what counts, which
 * is the one with the greatest receipt, so that the lists of one agent's and of nobody's come straight from an index. All that
 * is older is nobody's, as what an older worker writes. Those that hold one agent's are empty when they are made.
 */
export async function up(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  await knex.schema.createTable("assignments", (table) => {
    // Equal assignments have the same: the one with the lowest receipt is kept.
    table.text("content_hash").primary();
    table.bigInteger("receipt").notNullable();
    table.uuid("conversation_id").notNullable();
    table.specificType("timestamp", client === "pg" ? 'text collate "C"' : "text").notNullable();
    // Both null where it was given back.
    table.text("agent_id");
    table.text("agent_name");
  });
  await knex.schema.alterTable("conversations", (table) => {
    table.bigInteger("assigned_receipt");
    table.text("assigned_id");
    table.text("assigned_name");
  });
  for (const statement of UP) await knex.raw(statement);
}

const UP = [
  "create unique index assignments_receipt_unique on assignments (receipt)",
  "create index assignments_conversation on assignments (conversation_id, receipt)",
  `create index conversations_of_agent on conversations (assigned_id, state, activity_at, id)
    where assigned_id is not null`,
  `create index conversations_of_agent_waiting on conversations (assigned_id, state, waiting_since, id)
    where assigned_id is not null and waiting_since is not null`,
  `create index conversations_of_nobody on conversations (state, activity_at, id) where assigned_id is null`,
  `create index conversations_of_nobody_waiting on conversations (state, waiting_since, id)
    where assigned_id is null and waiting_since is not null`,
];

export async function down(knex: Knex): Promise<void> {
  for (const index of ["of_agent", "of_agent_waiting", "of_nobody", "of_nobody_waiting"]) {
    await knex.raw(`drop index conversations_${index}`);
  }
  // One by one: SQLite drops a column in place then, and does not copy the table.
  for (const column of ["assigned_receipt", "assigned_id", "assigned_name"]) {
    await knex.raw(`alter table conversations drop column ${column}`);
  }
  await knex.schema.dropTable("assignments");
}
