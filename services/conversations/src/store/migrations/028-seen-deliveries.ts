import type { Knex } from "knex";

/**
 * Answers that were given up, and that an agent has seen to. What is seen is seen as of a version: one that is given up once more
 * has a greater one, whoever wrote it, and is listed again. The version before reads by the index that was there.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("deliveries", (table) => {
    table.integer("seen_version").notNullable().defaultTo(0);
    // 1 until a worker has told everyone: the read API writes no announcements.
    table.integer("untold");
  });
  for (const statement of INDEXES) await knex.raw(statement);
}

const INDEXES = [
  `create index deliveries_unseen on deliveries (ended_at, message_id)
    where state = 'failed' and seen_version < version`,
  "create index deliveries_untold on deliveries (message_id) where untold = 1",
];

export async function down(knex: Knex): Promise<void> {
  for (const index of ["unseen", "untold"]) await knex.raw(`drop index deliveries_${index}`);
  for (const column of ["seen_version", "untold"]) {
    await knex.raw(`alter table deliveries drop column ${column}`);
  }
}
