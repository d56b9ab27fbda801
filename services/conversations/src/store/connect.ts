import { dirname } from "node:path";
import knex, { type Knex } from "knex";
import { SettingError } from "@fio/service/env";
import { makeDurableDirectory } from "./durable-directory.ts";
import { poolTransactions, splitPooled } from "./pooled-transactions.ts";
import { writeAtOnce } from "./one-write.ts";
import { createRenewal } from "./renewal.ts";

export type Dialect = "sqlite" | "postgres";

/**
 * `write` has one connection on SQLite, where one writer is all there is; `read` has connections of its own, so
 * that readers never wait for a transaction.
 */
export type Store = {
  dialect: Dialect;
  /** Whether its connections are PgBouncer's: nothing may be kept on one beyond a transaction. */
  pooled: boolean;
  write: Knex;
  read: Knex;
  close: () => Promise<void>;
};

/**
 * Opens `postgres://…` (`?pgbouncer=true` where that leads to PgBouncer in transaction mode) or `sqlite:PATH`; connects on
 * first use. Throws {@link SettingError} for another URL.
 */
export function openStore(url: string): Store {
  const [dialect, write, read] = url.startsWith("sqlite:")
    ? (["sqlite", ...sqlitePools(url.slice("sqlite:".length))] as const)
    : (["postgres", ...postgresPools(url)] as const);
  return {
    dialect,
    pooled: dialect === "postgres" && splitPooled(url).pooled,
    write,
    read,
    close: async () => {
      await Promise.all([write.destroy(), read.destroy()]);
    },
  };
}

/** Opens a pool that reads a replica of a store in Postgres; connects on first use. */
export const openReplica = (url: string): Knex =>
  postgresPool(url, { max: 16, connectMs: 1_000, queryMs: READ_MS, settings: READER_SETTINGS });

/** Whatever Knex would print is thrown too, and whoever catches it logs it once instead of at every try. */
const silent = (): void => {};
const QUIET: Knex.Config["log"] = { warn: silent, error: silent, deprecate: silent, debug: silent };

type Created = (error: Error | null, connection: unknown) => void;

type SqliteConnection = { pragma: (text: string) => unknown };

function sqlitePools(filename: string): [Knex, Knex] {
  makeDurableDirectory(dirname(filename));
  const pool = () =>
    knex({
      client: "better-sqlite3",
      connection: { filename },
      // A message with the values of a failed statement in it would put customers' words into the log.
      compileSqlOnError: false,
      log: QUIET,
      useNullAsDefault: true,
      pool: { min: 0, max: 1, afterCreate: prepareSqlite },
    });
  return [pool(), pool()];
}

function prepareSqlite(connection: SqliteConnection, done: Created): void {
  try {
    // Waiting inside SQLite blocks the event loop; whoever writes retries on its own.
    connection.pragma("busy_timeout = 50");
    connection.pragma("journal_mode = WAL");
    // A job leaves Redis once its transaction is committed: the commit must survive a power cut.
    connection.pragma("synchronous = FULL");
    done(null, connection);
  } catch (error) {
    done(error as Error, connection);
  }
}

type Settings = Readonly<Record<string, string>>;
type PostgresConnection = Parameters<typeof writeAtOnce>[0] & {
  query: (text: string, done: (error: Error | null) => void) => void;
};

/*
 * Rows that are wanted in an order lie so in an index. Where Postgres expects a few dozen it would rather collect all there are
 * and sort them, as if a row far away took four times as long as the next one; and of a conversation that has grown, or an id that
 * is rare among others, it expects too few. To forbid it to sort would have it walk whole indexes for joins.
 */
const IN_ORDER: Settings = { random_page_cost: "1" };

/*
 * Every look-up of a transaction is meant to go by an index. A planner that knows no statistics yet takes a young
 * table for an empty one and scans it, and a plan is kept while the table grows.
 */
const WRITER_SETTINGS: Settings = {
  ...IN_ORDER,
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  // Rows are read in a second statement after they are locked, which sees what was committed in between.
  default_transaction_isolation: "read committed",
  // A worker that was paused in the middle of a transaction must not hold its locks against the others.
  idle_in_transaction_session_timeout: "10s",
};

/*
 * Whoever reads waits for the answer: it comes within seconds, or the answer is that the store cannot be reached. What
 * nobody waits for any more must not go on either. Each read is made for an index, as above.
 */
const READ_MS = 4_000;
const READER_SETTINGS: Settings = {
  ...IN_ORDER,
  enable_seqscan: "off",
  statement_timeout: String(READ_MS),
  default_transaction_read_only: "on",
};

function postgresPools(url: string): [Knex, Knex] {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new SettingError("DATABASE_URL: must begin with sqlite: or postgres://");
  }
  return [
    postgresPool(url, { max: 4, connectMs: 5_000, queryMs: 30_000, settings: WRITER_SETTINGS }),
    postgresPool(url, { max: 8, connectMs: 3_000, queryMs: READ_MS, settings: READER_SETTINGS }),
  ];
}

type Pool = { max: number; connectMs: number; queryMs: number; settings: Settings };

function postgresPool(url: string, { max, connectMs, queryMs, settings }: Pool): Knex {
  const renewal = createRenewal();
  const { url: address, pooled } = splitPooled(url);
  return knex({
    client: "pg",
    compileSqlOnError: false,
    log: QUIET,
    connection: {
      connectionString: address,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // Statements that do not need each other's answers go in one round trip. It also makes a timeout close the
      // connection, where otherwise a server that has vanished would hold it for as long as TCP waits.
      ...{ pipeline: true, query_timeout: queryMs },
    },
    pool: {
      min: 0,
      max,
      idleTimeoutMillis: 600_000,
      afterCreate: (connection: PostgresConnection, done: Created) => {
        writeAtOnce(connection);
        renewal.watch(connection);
        if (pooled) {
          poolTransactions(connection, { settings, alone: settings === READER_SETTINGS });
          done(null, connection);
          return;
        }
        const text = Object.entries(settings)
          .map(([name, value]) => `set ${name} = '${value}'`)
          .join("; ");
        connection.query(text, (error) => done(error, connection));
      },
      validate: renewal.isGood,
    },
    acquireConnectionTimeout: connectMs,
  });
}
