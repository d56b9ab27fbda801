import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import knex, { type Knex } from "knex";
import { SettingError } from "@fio/service/env";
import { migrationSource } from "./migrations/index.ts";

/**
 * `write` has one connection on SQLite, where one writer is all there is; `read` has connections of its own, so
 * that readers never wait for a transaction.
 */
export type Store = {
  dialect: "sqlite" | "postgres";
  write: Knex;
  read: Knex;
  close: () => Promise<void>;
};

/** Opens `postgres://…` or `sqlite:PATH`; connects on first use. Throws {@link SettingError} for another URL. */
export function openStore(url: string): Store {
  const [dialect, write, read] = url.startsWith("sqlite:")
    ? (["sqlite", ...sqlitePools(url.slice("sqlite:".length))] as const)
    : (["postgres", ...postgresPools(url)] as const);
  return {
    dialect,
    write,
    read,
    close: async () => {
      await Promise.all([write.destroy(), read.destroy()]);
    },
  };
}

/** Brings the schema up to date; safe to run from several processes at once. */
export async function migrate(store: Store): Promise<void> {
  await store.write.migrate.latest({ migrationSource });
}

type SqliteConnection = { pragma: (text: string) => unknown };
type Created = (error: Error | null, connection: unknown) => void;

function sqlitePools(filename: string): [Knex, Knex] {
  mkdirSync(dirname(filename), { recursive: true });
  const pool = (max: number) =>
    knex({
      client: "better-sqlite3",
      connection: { filename },
      useNullAsDefault: true,
      pool: {
        min: 0,
        max,
        afterCreate: (connection: SqliteConnection, done: Created) => {
          connection.pragma("journal_mode = WAL");
          // A job leaves Redis once its transaction is committed: the commit must survive a power cut.
          connection.pragma("synchronous = FULL");
          // Waiting inside SQLite blocks the event loop; whoever writes retries on its own.
          connection.pragma("busy_timeout = 50");
          done(null, connection);
        },
      },
    });
  return [pool(1), pool(1)];
}

function postgresPools(url: string): [Knex, Knex] {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new SettingError("DATABASE_URL: must begin with sqlite: or postgres://");
  }
  const pool = (max: number) =>
    knex({
      client: "pg",
      connection: { connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true },
      pool: { min: 0, max },
      acquireConnectionTimeout: 5_000,
    });
  return [pool(4), pool(8)];
}
