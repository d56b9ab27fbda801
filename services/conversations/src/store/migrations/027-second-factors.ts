import type { Knex } from "knex";

/** A second factor beside the password: codes by time (TOTP). Times are milliseconds since 1970. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("second_factors", (table) => {
    table.uuid("account_id").primary().references("accounts.id").onDelete("cascade");
    // In base 32, as it is: a code is reckoned from it.
    table.text("secret").notNullable();
    // Of 30 seconds each since 1970: the last one that a code was used of. It only grows.
    table.bigInteger("last_step").notNullable();
    table.bigInteger("begun_at").notNullable();
    // None: it was begun, and counts for nothing.
    table.bigInteger("confirmed_at");
  });
  await knex.schema.createTable("recovery_codes", (table) => {
    table.uuid("account_id").notNullable().references("accounts.id").onDelete("cascade");
    table.text("code_hash").notNullable();
    table.primary(["account_id", "code_hash"]);
  });
  // After the password and before the code: each is taken once.
  await knex.schema.createTable("second_steps", (table) => {
    table.text("step_hash").primary();
    table.uuid("account_id").notNullable().references("accounts.id").onDelete("cascade").index();
    table.bigInteger("expires_at").notNullable().index();
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ["second_steps", "recovery_codes", "second_factors"]) {
    await knex.schema.dropTable(table);
  }
}
