import type { Knex } from "knex";

/**
 * Since when a customer waits for an answer, kept by the worker, so that the list finds who waits without counting.
 * Workers of the version before, which finish beside this, write none of it: a backfill walks over what they leave.
 */
export async function up(knex: Knex): Promise<void> {
  const { client } = (knex.client as { config: Knex.Config }).config;
  const timestampType = client === "pg" ? 'text collate "C"' : "text";
  await knex.schema.alterTable("conversations", (table) => {
    table.specificType("waiting_since", timestampType);
    // The highest place and the highest receipt of what the business sent, each for itself.
    table.specificType("last_sent_at", timestampType);
    table.bigInteger("last_sent_receipt");
    table.bigInteger("last_received_receipt");
  });
  await knex.schema.alterTable("unapplied_events", (table) => {
    // Of a customer's message that came after the close, until it is resolved; null for all else.
    table.specificType("late_place", timestampType);
  });
  await knex.raw(
    "create index conversations_waiting on conversations (state, waiting_since, id) where waiting_since is not null",
  );
  for (const [name, column] of LATE_INDEXES) {
    await knex.raw(
      `create index ${name} on unapplied_events (conversation_id, ${column}) where late_place is not null`,
    );
  }
}

const LATE_INDEXES = [
  ["unapplied_events_late_place", "late_place"],
  ["unapplied_events_late_receipt", "receipt"],
] as const;

export async function down(knex: Knex): Promise<void> {
  for (const name of ["conversations_waiting", ...LATE_INDEXES.map(([index]) => index)]) {
    await knex.raw(`drop index ${name}`);
  }
  await knex.schema.alterTable("unapplied_events", (table) => table.dropColumn("late_place"));
  await knex.schema.alterTable("conversations", (table) => {
    table.dropColumns("waiting_since", "last_sent_at", "last_sent_receipt", "last_received_receipt");
  });
}
