import type { Knex } from "knex";
import type { Dialect, Store } from "./connect.ts";
import { migrationSource } from "./migrations/index.ts";

/*
 * Whoever migrates holds this gate until the transaction ends, and the database opens it when the process dies.
 * Knex's own lock is a row that a killed process would leave behind; inside the transaction it vanishes with it.
 */
const GATE: Record<Dialect, string> = {
  postgres: "select pg_advisory_xact_lock(4616190)",
  // Writes nothing new, but as a write takes the one writer's place before anything is read.
  sqlite: "pragma user_version = 0",
};

/**
 * Brings the schema up to date in one transaction; safe to run from several processes at once, and after one was
 * killed in the middle. Throws what the database throws, among it that SQLite is busy.
 */
export async function migrate(
  store: Store,
  source: Knex.MigrationSource<string> = migrationSource,
): Promise<void> {
  await store.write.transaction(async (transaction) => {
    await transaction.raw(GATE[store.dialect]);
    // Migrations of newer code may be there already: it is for schema_needs to say whether this code fits beside them.
    await transaction.migrate.latest({ migrationSource: source, disableMigrationsListValidation: true });
  });
}
