import type { Knex } from "knex";

/** Who did what. Lines are only ever added: the roles that write it may change and delete nothing. `at` in microseconds since 1970. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("audit_log", (table) => {
    table.uuid("id").primary();
    table.bigInteger("at").notNullable();
    table.text("action").notNullable();
    // No reference: what a deleted account did stays.
    table.uuid("actor_id");
    table.uuid("account_id");
    table.uuid("conversation_id");
    table.text("detail");
  });
  for (const [name, columns] of INDEXES) await knex.raw(`create index ${name} on audit_log (${columns})`);
}

const INDEXES = [
  ["audit_log_at", "at, id"],
  ["audit_log_actor", "actor_id, at, id"],
  ["audit_log_account", "account_id, at, id"],
] as const;

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("audit_log");
}
