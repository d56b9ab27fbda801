import type { Knex } from "knex";

/**
 * `schema_needs`: a migration that old code must not run beside names the migration that code has to know at least.
 * `write_probe`: one row that readiness writes, to learn whether the store takes writes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("schema_needs", (table) => {
    table.text("migration").primary();
    table.text("needs").notNullable();
  });
  await knex.schema.createTable("write_probe", (table) => {
    table.integer("id").primary();
    table.bigInteger("written_at").notNullable();
  });
  await knex("write_probe").insert({ id: 1, written_at: 0 });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("write_probe");
  await knex.schema.dropTable("schema_needs");
}
