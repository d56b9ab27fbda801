import type { Store } from "../connect.ts";
import { query, type Connection, type Statement } from "../sql.ts";

/*
 * The table `backfills`: the only memory that a backfill has, so that any worker goes on where another was killed.
 */

export type Progress = {
  name: string;
  /** 1 or 2: the whole table is walked twice. */
  walk: number;
  position: string | null;
  /** Milliseconds since 1970. */
  notBefore: number;
  /** Looked at so far, in both walks. */
  rows: number;
  finished: boolean;
};

type Row = {
  name: string;
  walk: number;
  position: string | null;
  not_before: string | number;
  rows: string | number;
  finished: boolean | number;
};

const COLUMNS = "name, walk, position, not_before, rows, finished";

function progressFrom({ not_before, rows, finished, ...row }: Row): Progress {
  return { ...row, notBefore: Number(not_before), rows: Number(rows), finished: Boolean(finished) };
}

/**
 * Begins a backfill that nobody has begun; gives true to the one who did. In a store without conversations no worker
 * of an older version can have written anything, and one walk is enough.
 */
export async function begin(connection: Connection, name: string): Promise<boolean> {
  const added = await query(connection, {
    name: "begin_backfill",
    sql: `insert into backfills (name, walk, not_before)
      select ?, case when exists (select 1 from conversations) or exists (select 1 from unapplied_events)
        then 1 else 2 end, 0
      where true on conflict (name) do nothing returning name`,
    values: [name],
  });
  return added.length > 0;
}

/**
 * Takes the row for this transaction; `null` when another worker has it. On SQLite by a write, which takes the one
 * writer's place before anything is read.
 */
export async function take(connection: Connection, name: string): Promise<Progress | null> {
  const [row] = await query<Row>(connection, {
    name: "take_backfill",
    sql:
      connection.dialect === "postgres"
        ? `select ${COLUMNS} from backfills where name = ? for update skip locked`
        : `update backfills set name = name where name = ? returning ${COLUMNS}`,
    values: [name],
  });
  return row === undefined ? null : progressFrom(row);
}

export const update = ({ name, walk, position, notBefore, rows, finished }: Progress): Statement => ({
  name: "update_backfill",
  sql: "update backfills set walk = ?, position = ?, not_before = ?, rows = ?, finished = ? where name = ?",
  values: [walk, position, notBefore, rows, finished, name],
});

/** All that were ever begun. */
export async function readProgress({ dialect, read }: Store): Promise<Progress[]> {
  const rows = await query<Row>(
    { dialect, knex: read },
    { name: "read_backfills", sql: `select ${COLUMNS} from backfills order by name`, values: [] },
  );
  return rows.map(progressFrom);
}
