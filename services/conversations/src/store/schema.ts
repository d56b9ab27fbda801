import type { Knex } from "knex";
import type { Store } from "./connect.ts";
import { isSchemaFault } from "./faults.ts";
import { migrationSource } from "./migrations/index.ts";

/**
 * Why this code does not fit the schema, in one line; `null` when it does. Every migration that the code knows must be
 * there. One that it does not know is no hindrance, unless its row in `schema_needs` names a migration that code has to
 * know beside it. Throws what the database throws.
 */
export async function schemaFault(
  store: Store,
  source: Knex.MigrationSource<string> = migrationSource,
): Promise<string | null> {
  const known = await source.getMigrations([]);
  const done = new Set(await column(store, "knex_migrations", "name"));
  const missing = known.filter((name) => !done.has(name));
  if (missing.length > 0) return `the schema lacks ${missing.join(", ")}: run the migration first`;
  const needs = await column(store, "schema_needs", "needs");
  const unknown = needs.find((name) => !known.includes(name));
  return unknown === undefined
    ? null
    : `the schema is newer and needs code that knows ${unknown}: upgrade this service`;
}

async function column(store: Store, table: string, name: string): Promise<string[]> {
  try {
    return await store.read(table).orderBy(name).pluck<string[]>(name);
  } catch (error) {
    // Not created yet.
    if (isSchemaFault(error)) return [];
    throw error;
  }
}
