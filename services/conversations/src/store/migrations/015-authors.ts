import type { Knex } from "knex";

/** Which agent wrote a message: null in all that is older, and where the web app told of none. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("messages", (table) => {
    table.text("author_id");
    table.text("author_name");
  });
}

export async function down(knex: Knex): Promise<void> {
  // One by one: SQLite drops a column in place then, and does not copy the table.
  for (const column of ["author_id", "author_name"]) {
    await knex.raw(`alter table messages drop column ${column}`);
  }
}
