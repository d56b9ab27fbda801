import type { Knex } from "knex";

/*
 * By what a customer is found whose id alone is known, what tells that an erasure of one is not finished, and what the log of
 * who did what is filtered by. Workers of the version before go on as ever.
 */

export async function up(knex: Knex): Promise<void> {
  // 1: something of the customer may still be in Redis; null: nothing is, or the tombstones of their conversations tell.
  await knex.schema.alterTable("erased_contacts", (table) => table.integer("unfinished"));
  for (const [name, on] of INDEXES) await knex.raw(`create index ${name} on ${on}`);
}

const INDEXES = [
  ["contacts_id", "contacts (id)"],
  ["erased_contacts_unfinished", "erased_contacts (hash) where unfinished = 1"],
  ["audit_log_action", "audit_log (action, at, id)"],
  ["audit_log_actor_action", "audit_log (actor_id, action, at, id)"],
  ["audit_log_account_action", "audit_log (account_id, action, at, id)"],
] as const;

export async function down(knex: Knex): Promise<void> {
  for (const [name] of INDEXES) await knex.raw(`drop index ${name}`);
  await knex.raw("alter table erased_contacts drop column unfinished");
}
