import type { Knex } from "knex";
import type { Dialect, Store } from "./connect.ts";
import { withoutLimit } from "./long-statements.ts";
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

/*
 * Whoever waits for a table on Postgres keeps all those waiting that come after: behind a backup, which reads for an hour,
 * nobody would work. So it gives up soon, and is tried again; before the database looks for deadlocks (1 s), or that would
 * end a worker's transaction and not this one.
 */
const LOCK_MS = 500;
/** Those that every transaction of a worker writes, in its order; had before anything is changed, all or none. */
const BUSY_TABLES = ["conversations", "messages", "unapplied_events", "outbox"];

/**
 * Brings the schema up to date in one transaction; safe to run from several processes at once, and after one was
 * killed in the middle. Throws what the database throws, among it that SQLite is busy or that others would have to wait.
 */
export async function migrate(
  store: Store,
  source: Knex.MigrationSource<string> = migrationSource,
): Promise<void> {
  await store.write.transaction(async (transaction) => {
    // Migrations of newer code may be there already: it is for schema_needs to say whether this code fits beside them.
    const settings = { migrationSource: source, disableMigrationsListValidation: true };
    const latest = (): Promise<unknown> => transaction.migrate.latest(settings);
    if (store.dialect === "sqlite") {
      await transaction.raw(GATE.sqlite);
      await latest();
      return;
    }
    await withoutLimit(transaction, async () => {
      await transaction.raw(GATE.postgres);
      const [, pending] = (await transaction.migrate.list(settings)) as [unknown[], unknown[]];
      if (pending.length === 0) return;
      await transaction.raw(`set local lock_timeout = ${LOCK_MS}`);
      await lockBusyTables(transaction);
      await latest();
    });
  });
}

async function lockBusyTables(transaction: Knex): Promise<void> {
  const wanted = BUSY_TABLES.map((name) => `to_regclass('${name}') as ${name}`).join(", ");
  const { rows } = await transaction.raw<{ rows: Array<Record<string, unknown>> }>(`select ${wanted}`);
  const there = BUSY_TABLES.filter((name) => rows[0]?.[name] !== null);
  if (there.length > 0) await transaction.raw(`lock table ${there.join(", ")} in access exclusive mode`);
}
