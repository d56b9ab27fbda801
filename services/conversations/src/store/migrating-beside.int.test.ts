import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresDatabase, type Database } from "../../../../test/support/databases.ts";
import { openStore, type Store } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { migrationSource } from "./migrations/index.ts";
import { untilDone } from "./retry.ts";

/** The migrations of a later version of the code: those of today and one more. */
const later = (up: (knex: Knex) => Promise<void>): Knex.MigrationSource<string> => ({
  ...migrationSource,
  getMigrations: async (directories) => [...(await migrationSource.getMigrations(directories)), "901-later"],
  getMigration: (name) =>
    name === "901-later"
      ? Promise.resolve({ up, down: () => Promise.resolve() })
      : migrationSource.getMigration(name),
});
const adds = later(async (knex) => {
  await knex.raw("alter table messages add column added text");
});

let database: Database;
let store: Store;
let other: pg.Client;
beforeEach(async () => {
  database = await postgresDatabase();
  store = openStore(database.url);
  await migrate(store);
  other = new pg.Client({ connectionString: database.url });
  await other.connect();
});
afterEach(async () => {
  await other.end();
  await store.close();
  await database.remove();
});

/** Writes and reads until `done` is settled; gives the longest that either took, in milliseconds. */
async function longestBeside(done: Promise<unknown>): Promise<number> {
  const settled = new AbortController();
  let longest = 0;
  const over = done.finally(() => settled.abort());
  while (!settled.signal.aborted) {
    const started = performance.now();
    await other.query(
      "begin; lock table conversations in row exclusive mode; select 1 from messages; commit",
    );
    longest = Math.max(longest, performance.now() - started);
    await sleep(5);
  }
  await over;
  return longest;
}

test("a migration behind a backup lets the others through again and again, and is done when that has ended", async () => {
  const backup = new pg.Client({ connectionString: database.url });
  await backup.connect();
  await backup.query("begin; lock table messages in access share mode");
  const migrating = untilDone(() => migrate(store, adds));
  const ended = sleep(4_000).then(() => backup.end());
  const longest = await longestBeside(Promise.all([migrating, ended]));
  expect(longest).toBeLessThan(1_000);
  await expect(other.query("select added from messages")).resolves.toMatchObject({ rows: [] });
});

test("a transaction that writes in the order of workers is not ended by a migration in another order", async () => {
  const reversed = later(async (knex) => {
    await knex.raw("alter table unapplied_events add column added text");
    await sleep(300);
    await knex.raw("alter table conversations add column added text");
  });
  await other.query("begin; lock table conversations in row exclusive mode");
  const migrating = untilDone(() => migrate(store, reversed));
  await sleep(100);
  await other.query("lock table unapplied_events in row exclusive mode");
  await other.query("commit");
  await migrating;
});

test("a migration takes as long as it takes, whatever limit the connection has for statements", async () => {
  const hasty = openStore(database.url);
  (hasty.write.client as { connectionSettings: { query_timeout: number } }).connectionSettings.query_timeout =
    300;
  try {
    await migrate(
      hasty,
      later(async (knex) => {
        await knex.raw("select pg_sleep(1)");
      }),
    );
    // And what comes after it has its limit again.
    await expect(hasty.write.raw("select pg_sleep(1)")).rejects.toThrow("timeout");
  } finally {
    await hasty.close();
  }
});
