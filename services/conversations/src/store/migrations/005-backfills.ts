import type { Knex } from "knex";

/** How far each backfill has come, see store/backfills: old rows follow a new schema in steps, never in a migration. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("backfills", (table) => {
    table.text("name").primary();
    // 1, then 2 once more for the rows that workers of an older version wrote meanwhile.
    table.integer("walk").notNullable();
    // Where the last step of this walk ended; null before the first.
    table.text("position");
    // No step before this time, in milliseconds since 1970.
    table.bigInteger("not_before").notNullable();
    // Rows that were looked at, in both walks.
    table.bigInteger("rows").notNullable().defaultTo(0);
    table.boolean("finished").notNullable().defaultTo(false);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("backfills");
}
