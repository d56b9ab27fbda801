import type { Knex } from "knex";

/**
 * What agents did about refused events, each act once: of those about one event the one with the greatest receipt counts.
 * Acts may come before their refusal, and stay when it is undone: both are known by the refused event's receipt alone.
 */
export async function up(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  await knex.schema.createTable("resolutions", (table) => {
    // Equal acts have the same: the one with the lowest receipt is kept.
    table.text("content_hash").primary();
    table.bigInteger("act_receipt").notNullable();
    table.bigInteger("refused_receipt").notNullable();
    table.uuid("conversation_id").notNullable();
    table.specificType("timestamp", client === "pg" ? 'text collate "C"' : "text").notNullable();
    table.text("how").notNullable();
    table.uuid("carried_to");
  });
  for (const statement of UP) await knex.raw(statement);
}

const UP = [
  "create unique index resolutions_act_receipt_unique on resolutions (act_receipt)",
  "create index resolutions_refused on resolutions (refused_receipt, conversation_id, act_receipt)",
  "create index resolutions_conversation on resolutions (conversation_id, act_receipt)",
  `create index resolutions_carried_to on resolutions (carried_to, refused_receipt)
    where carried_to is not null`,
  // 1: an agent has seen to it. Null in all that is older, and in what an older worker writes.
  "alter table unapplied_events add column resolved integer",
  // What an agent has yet to see to, straight from an index however much was seen to before: late messages, and the rest.
  "create index unapplied_events_late on unapplied_events (receipt) where late_place is not null",
  `create index unapplied_events_unresolved on unapplied_events (reason, receipt)
    where resolved is null and reason in ('INTERNAL_ERROR', 'CONVERSATION_NOT_FOUND')`,
  `create index unapplied_events_unresolved_of on unapplied_events (conversation_id, reason, receipt)
    where resolved is null and reason in ('INTERNAL_ERROR', 'CONVERSATION_NOT_FOUND')`,
];

export async function down(knex: Knex): Promise<void> {
  await knex.raw("drop index unapplied_events_late");
  await knex.raw("drop index unapplied_events_unresolved");
  await knex.raw("drop index unapplied_events_unresolved_of");
  await knex.raw("alter table unapplied_events drop column resolved");
  await knex.schema.dropTable("resolutions");
}
