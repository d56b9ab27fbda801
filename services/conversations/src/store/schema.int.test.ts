import type { Knex } from "knex";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forEachDatabase, type Database } from "../../../../test/support/databases.ts";
import { openStore, type Store } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { migrationSource } from "./migrations/index.ts";
import { schemaFault } from "./schema.ts";

/** The migrations of a later version of the code: those of today and one more. */
function later(name: string, up: (knex: Knex) => Promise<void>): Knex.MigrationSource<string> {
  return {
    ...migrationSource,
    getMigrations: async (directories) => [...(await migrationSource.getMigrations(directories)), name],
    getMigration: (asked) =>
      asked === name
        ? Promise.resolve({ up, down: () => Promise.resolve() })
        : migrationSource.getMigration(asked),
  };
}
const addsColumn = later("901-adds", async (knex) => {
  await knex.schema.alterTable("messages", (table) => void table.text("added"));
});

forEachDatabase(({ create }) => {
  let database: Database;
  let store: Store;
  beforeEach(async () => {
    database = await create();
    store = openStore(database.url);
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  test("an empty database lacks every migration, a migrated one none", async () => {
    expect(await schemaFault(store)).toMatch(/^the schema lacks 001-initial, .*: run the migration first$/);
    await migrate(store);
    expect(await schemaFault(store)).toBeNull();
  });

  test("code that is newer than the schema says what is missing", async () => {
    await migrate(store);
    expect(await schemaFault(store, addsColumn)).toBe("the schema lacks 901-adds: run the migration first");
    await migrate(store, addsColumn);
    expect(await schemaFault(store, addsColumn)).toBeNull();
  });

  test("code that is older than the schema fits, and may migrate, which changes nothing", async () => {
    await migrate(store, addsColumn);
    expect(await schemaFault(store)).toBeNull();
    await migrate(store);
    expect(await schemaFault(store, addsColumn)).toBeNull();
  });

  test("a migration that names the least code it can be beside stops what is older", async () => {
    const drops = later("902-drops", async (knex) => {
      await knex("schema_needs").insert({ migration: "902-drops", needs: "901-adds" });
    });
    await migrate(store, addsColumn);
    await migrate(store, drops);
    expect(await schemaFault(store)).toBe(
      "the schema is newer and needs code that knows 901-adds: upgrade this service",
    );
    expect(await schemaFault(store, addsColumn)).toBeNull();
  });
});
