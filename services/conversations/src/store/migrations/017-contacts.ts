import type { Knex } from "knex";

/**
 * The customers. `contacts` holds what is known of each now, the same for all contacts of one person; `contact_sayings` what
 * it follows from; `contact_terms` by what each is found. None of the conversations that are there has one, so that the
 * index is empty when it is made.
 */
export async function up(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  const text = client === "pg" ? 'text collate "C"' : "text";
  await knex.schema.createTable("contacts", (table) => {
    // Follows from channel and id, see contracts.
    table.uuid("key").primary();
    table.text("channel").notNullable();
    table.text("id").notNullable();
    // The least key of the contacts that are one person.
    table.uuid("person").notNullable().index();
    table.text("name");
    table.text("phone");
    table.integer("version").notNullable().defaultTo(0);
  });
  await knex.schema.createTable("contact_sayings", (table) => {
    // Of equal updates one is kept, and of a conversation its creation: a hash of the update, or the conversation's id.
    table.text("source").primary();
    table.bigInteger("receipt").notNullable();
    table.uuid("contact").notNullable();
    table.specificType("timestamp", text);
    table.text("said").notNullable();
    table.integer("says_name").notNullable();
    table.integer("says_phone").notNullable();
  });
  await knex.schema.createTable("contact_terms", (table) => {
    table.specificType("term", text).notNullable();
    table.uuid("contact").notNullable().index();
    table.primary(["term", "contact"]);
  });
  await knex.schema.alterTable("conversations", (table) => {
    // What the creation said, as posted.
    table.text("contact");
    table.uuid("contact_key");
  });
  for (const statement of UP) await knex.raw(statement);
}

const UP = [
  "create unique index contact_sayings_receipt_unique on contact_sayings (receipt)",
  "create index contact_sayings_names on contact_sayings (contact, receipt) where says_name = 1",
  "create index contact_sayings_phones on contact_sayings (contact, receipt) where says_phone = 1",
  `create index conversations_contact on conversations (contact_key, activity_at, id)
    where contact_key is not null`,
];

export async function down(knex: Knex): Promise<void> {
  await knex.raw("drop index conversations_contact");
  for (const column of ["contact", "contact_key"]) {
    await knex.raw(`alter table conversations drop column ${column}`);
  }
  for (const table of ["contact_terms", "contact_sayings", "contacts"]) await knex.schema.dropTable(table);
}
