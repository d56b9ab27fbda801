import type { Knex } from "knex";

/** The file that a message is about, as JSON: null in all that is older, and where none was told. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("messages", (table) => {
    table.text("media");
  });
}

export async function down(knex: Knex): Promise<void> {
  // By hand: SQLite drops a column in place then, and does not copy the table.
  await knex.raw("alter table messages drop column media");
}
