import type { Knex } from "knex";
import * as initial from "./001-initial.ts";

type Migration = { up: (knex: Knex) => Promise<void>; down: (knex: Knex) => Promise<void> };

const migrations: Record<string, Migration> = { "001-initial": initial };

/** The migrations as code: no directory to scan, nothing that depends on where the process runs. */
export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(Object.keys(migrations)),
  getMigrationName: (name) => name,
  getMigration: (name) => {
    const migration = migrations[name];
    if (migration === undefined) throw new Error(`no migration ${name}`);
    return Promise.resolve(migration);
  },
};
