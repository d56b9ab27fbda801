import type { Knex } from "knex";

/*
 * What an incoming event has to be compared with is found in one step down an index, however many events name the same
 * subject; and what a creation or a late close sets in motion is carried out in steps, which need to know how far they are.
 *
 * Workers of the version before go on beside this: what they write has no `content_hash`, and is found without one.
 */

const UP = [
  // Of INTERNAL_ERROR none: those count for nothing. Of rows from before this migration none until a backfill gives it.
  "alter table unapplied_events add column content_hash text",
  "create index unapplied_events_content on unapplied_events (content_hash) where content_hash is not null",
  `create index unapplied_events_subject on unapplied_events (event_id, type, conversation_id, receipt)
    where reason <> 'INTERNAL_ERROR'`,
  `create index unapplied_events_unhashed on unapplied_events (event_id, type, conversation_id)
    where content_hash is null and reason <> 'INTERNAL_ERROR'`,
  // Events above this receipt may not have their outcome yet; null: all have.
  "alter table conversations add column unsettled_above bigint",
  "create index conversations_unsettled on conversations (id) where unsettled_above is not null",
];

export async function up(knex: Knex): Promise<void> {
  for (const statement of UP) await knex.raw(statement);
  // Events that are applied alone because they may kill the process. Takes the place of `trials`, which workers of the
  // version before still use.
  await knex.schema.createTable("poison_marks", (table) => {
    table.bigInteger("receipt").primary();
    // The worker that set out to apply it, and how often its job had stalled by then.
    table.text("holder").notNullable();
    table.integer("stalls").notNullable();
    table.boolean("committed").notNullable().defaultTo(false);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("poison_marks");
  for (const index of [
    "conversations_unsettled",
    "unapplied_events_unhashed",
    "unapplied_events_subject",
    "unapplied_events_content",
  ]) {
    await knex.raw(`drop index ${index}`);
  }
  await knex.raw("alter table conversations drop column unsettled_above");
  await knex.raw("alter table unapplied_events drop column content_hash");
}
