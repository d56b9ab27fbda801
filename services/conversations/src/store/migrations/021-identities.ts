import type { Knex } from "knex";

/** Who signs in by an issuer of identities (OIDC). Times are milliseconds since 1970. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("identities", (table) => {
    table.text("issuer").notNullable();
    table.text("subject").notNullable();
    table.uuid("account_id").notNullable().references("accounts.id").onDelete("cascade");
    table.bigInteger("created_at").notNullable();
    table.primary(["issuer", "subject"]);
    // An address that the issuer gave to somebody else leads that person to no account of another.
    table.unique(["account_id", "issuer"]);
  });
  // Begun and not finished: each is taken once.
  await knex.schema.createTable("sign_in_flows", (table) => {
    table.text("flow_hash").primary();
    table.bigInteger("expires_at").notNullable().index();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("sign_in_flows");
  await knex.schema.dropTable("identities");
}
