import type { Knex } from "knex";

/**
 * The list is read state by state. With an index by activity alone the planner walks that one and passes over all that is
 * in another state: 97,000 newer open ones for a page of closed ones.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable("conversations", (table) => table.dropIndex(["activity_at", "id"]));
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable("conversations", (table) => table.index(["activity_at", "id"]));
}
