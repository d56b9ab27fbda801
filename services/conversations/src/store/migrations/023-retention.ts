import { randomBytes } from "node:crypto";
import type { Knex } from "knex";

/*
 * What erases by age, and what stays of an erased customer. Workers of the version before know neither: they go on as ever,
 * and take an update about an erased customer in.
 */

export async function up(knex: Knex): Promise<void> {
  // 1: erased for its age, by a worker, which goes on with it; null: by an operator's command.
  await knex.schema.alterTable("tombstones", (table) => table.integer("by_age"));
  for (const statement of INDEXES) await knex.raw(statement);
  // What one worker at a time does. Times are milliseconds since 1970.
  await knex.schema.createTable("leases", (table) => {
    table.text("name").primary();
    table.text("holder").notNullable();
    table.bigInteger("expires_at").notNullable();
    // When it is to be done next.
    table.bigInteger("not_before").notNullable().defaultTo(0);
  });
  await knex.schema.createTable("erased_contacts", (table) => {
    // Under the key below: an id is often a phone number, and all of those can be tried.
    table.text("hash").primary();
    // Updates up to this receipt are erased.
    table.bigInteger("up_to").notNullable();
  });
  await knex.schema.createTable("erasure_keys", (table) => {
    table.integer("id").primary();
    table.text("key").notNullable();
  });
  await knex("erasure_keys").insert({ id: 1, key: randomBytes(32).toString("base64url") });
}

const INDEXES = [
  // Those that nothing holds back, the longest quiet first.
  `create index conversations_quiet on conversations (highest_receipt, id)
    where state = 'CLOSED' and waiting_since is null`,
  "create index tombstones_by_age on tombstones (conversation_id) where finished_at is null and by_age = 1",
];

export async function down(knex: Knex): Promise<void> {
  for (const table of ["erasure_keys", "erased_contacts", "leases"]) await knex.schema.dropTable(table);
  for (const index of ["tombstones_by_age", "conversations_quiet"]) await knex.raw(`drop index ${index}`);
  await knex.raw("alter table tombstones drop column by_age");
}
