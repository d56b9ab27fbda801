import type { Store } from "../../../services/conversations/src/store/connect.ts";
import { migrate } from "../../../services/conversations/src/store/migrate.ts";
import { migrationSource } from "../../../services/conversations/src/store/migrations/index.ts";

/** The last one of version 0.1.0. */
const LAST = "003-report";

const source: NonNullable<Parameters<typeof migrate>[1]> = {
  ...migrationSource,
  getMigrations: async (directories) =>
    (await migrationSource.getMigrations(directories)).filter((name) => name <= LAST),
};

/** Gives an empty database the schema of version 0.1.0. */
export const migrateAsReleased = (store: Store): Promise<void> => migrate(store, source);

/** Whether it is the schema of version 0.1.0 still. */
export async function isAsReleased({ read }: Store): Promise<boolean> {
  const rows = await read("knex_migrations").select<Array<{ name: string }>>("name");
  return rows.every(({ name }) => name <= LAST);
}
