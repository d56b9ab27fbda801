import type { Knex } from "knex";

/** Who signs in. Times are milliseconds since 1970; of tokens and links only hashes are kept. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("accounts", (table) => {
    table.uuid("id").primary();
    // In lower case.
    table.text("email").notNullable().unique();
    table.text("name").notNullable();
    table.text("role").notNullable();
    // None: nobody can sign in until a link was used.
    table.text("password_hash");
    table.bigInteger("created_at").notNullable();
    table.bigInteger("disabled_at");
  });
  await knex.schema.createTable("sign_in_links", (table) => {
    table.text("key_hash").primary();
    table.uuid("account_id").notNullable().references("accounts.id").onDelete("cascade").index();
    table.bigInteger("expires_at").notNullable();
  });
  await knex.schema.createTable("sessions", (table) => {
    table.text("token_hash").primary();
    table.uuid("id").notNullable().unique();
    table.uuid("account_id").notNullable().references("accounts.id").onDelete("cascade").index();
    table.text("browser").notNullable();
    table.bigInteger("created_at").notNullable();
    table.bigInteger("seen_at").notNullable();
  });
  await knex.schema.createTable("sign_in_attempts", (table) => {
    table.text("subject_hash").primary();
    table.integer("attempts").notNullable();
    table.bigInteger("ends_at").notNullable().index();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ["sign_in_attempts", "sessions", "sign_in_links", "accounts"]) {
    await knex.schema.dropTable(table);
  }
}
