import type { Store } from "../../connect.ts";
import type { Backfill } from "../backfill.ts";

/** A table of a test's own: `times` counts how often a row was brought into shape. */
export async function fillNumbers(store: Store, count: number, { from = 0 } = {}): Promise<void> {
  if (!(await store.write.schema.hasTable("numbers"))) {
    await store.write.schema.createTable("numbers", (table) => {
      table.integer("id").primary();
      table.integer("times").notNullable().defaultTo(0);
      table.integer("others").notNullable().defaultTo(0);
    });
  }
  const rows = Array.from({ length: count }, (_, index) => ({ id: from + index }));
  await store.write.batchInsert("numbers", rows, 300);
}

/** Counts every row up that was never counted, as a backfill does whose rows tell whether they are in shape. */
export const numbering = (): Backfill => ({
  name: "numbering",
  step: async ({ knex }, { after, limit }) => {
    const rows = (await knex("numbers")
      .where("id", ">", after === null ? -1_000 : Number(after))
      .orderBy("id")
      .limit(limit)) as Array<{ id: number; times: number }>;
    const old = rows.filter(({ times }) => times === 0).map(({ id }) => id);
    const [first, last] = [old.at(0), old.at(-1)];
    if (first !== undefined && last !== undefined) {
      await knex("numbers").whereBetween("id", [first, last]).where({ times: 0 }).increment("times");
    }
    return { next: rows.length < limit ? null : String(rows.at(-1)?.id), rows: rows.length };
  },
});
