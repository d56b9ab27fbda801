import Database from "better-sqlite3";
import pg from "pg";
import type { Kinds } from "../generator/load.ts";
import type { StoreReader } from "./system.ts";

/** Fio's tables and those of its rivals name these columns alike. A conversation that is only waited for has no state. */
const COUNTS = `select
  (select count(*) from conversations where state is not null) as created,
  (select count(*) from messages) as messages,
  (select count(*) from conversations where state = 'CLOSED') as closed`;
const REPORTED = "select n_tup_ins as inserted from pg_stat_user_tables where relname = 'messages'";
const UNAPPLIED = "select count(*) as unapplied from unapplied_events";

export async function readStore(databaseUrl: string): Promise<StoreReader> {
  return databaseUrl.startsWith("sqlite:")
    ? readSqlite(databaseUrl.slice("sqlite:".length))
    : readPostgres(databaseUrl);
}

async function readPostgres(connectionString: string): Promise<StoreReader> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  const numbers = async <Row extends object>(text: string): Promise<Row> => {
    const { rows } = await client.query<Record<string, string>>(text);
    return Object.fromEntries(
      Object.entries(rows[0] ?? {}).map(([key, value]) => [key, Number(value)]),
    ) as Row;
  };
  return {
    counts: () => numbers<Kinds>(COUNTS),
    present: async (ids) => {
      const { rows } = await client.query<{ id: string }>({
        name: "present",
        text: "select id::text as id from messages where id = any($1::uuid[])",
        values: [ids],
      });
      return new Set(rows.map(({ id }) => id));
    },
    unapplied: async () => (await numbers<{ unapplied: number }>(UNAPPLIED)).unapplied,
    reportedInserts: async () => (await numbers<{ inserted: number }>(REPORTED)).inserted,
    close: () => client.end(),
  };
}

function readSqlite(path: string): StoreReader {
  const db = new Database(path, { readonly: true });
  const present = db.prepare<[string], { id: string }>(
    "select id from messages where id in (select value from json_each(?))",
  );
  const one = <Row>(text: string): Promise<Row> => Promise.resolve(db.prepare<[], Row>(text).get() as Row);
  return {
    counts: () => one<Kinds>(COUNTS),
    present: (ids) => Promise.resolve(new Set(present.all(JSON.stringify(ids)).map(({ id }) => id))),
    unapplied: async () => (await one<{ unapplied: number }>(UNAPPLIED)).unapplied,
    reportedInserts: () => Promise.resolve(null),
    close: () => {
      db.close();
      return Promise.resolve();
    },
  };
}
