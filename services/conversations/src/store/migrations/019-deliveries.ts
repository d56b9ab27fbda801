import type { Knex } from "knex";

/**
 * What leaves for the customer. `deliveries`: one row for each message that is to be delivered, written with the message.
 * `delivery_lanes`: one row for each conversation with something to send. Whoever sends takes the lane, by moving `due_at` past
 * the time that an attempt may last, and so nobody else sends of that conversation meanwhile.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable("deliveries", (table) => {
    table.uuid("message_id").primary();
    table.uuid("conversation_id").notNullable();
    // Of the message: in this order those of a conversation leave.
    table.bigInteger("receipt").notNullable();
    // waiting, delivered, failed or withdrawn
    table.text("state").notNullable();
    // All times in milliseconds since 1970.
    table.bigInteger("created_at").notNullable();
    // Of its first attempt; null before it, and again once somebody asked to try it once more.
    table.bigInteger("started_at");
    table.integer("attempts").notNullable().defaultTo(0);
    table.bigInteger("ended_at");
    // What became of the last attempt, where it did not succeed.
    table.text("reason");
    table.text("detail");
    // When somebody asked to try it once more.
    table.bigInteger("asked_at");
    // Rises with every change that is told: frames may come in any order.
    table.integer("version").notNullable().defaultTo(1);
  });
  await knex.schema.createTable("delivery_lanes", (table) => {
    table.uuid("conversation_id").primary();
    table.bigInteger("due_at").notNullable().index();
    // Rises with each taking: whoever took it before has lost it.
    table.integer("claims").notNullable().defaultTo(0);
  });
  for (const statement of INDEXES) await knex.raw(statement);
}

const INDEXES = [
  "create index deliveries_conversation on deliveries (conversation_id, receipt)",
  "create index deliveries_waiting on deliveries (conversation_id, receipt) where state = 'waiting'",
  "create index deliveries_oldest on deliveries (created_at) where state = 'waiting'",
  "create index deliveries_failed on deliveries (ended_at, message_id) where state = 'failed'",
];

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("delivery_lanes");
  await knex.schema.dropTable("deliveries");
}
