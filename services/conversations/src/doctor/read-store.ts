import { existsSync } from "node:fs";
import type { Knex } from "knex";
import { rejectionReason } from "@fio/contracts";
import { describeError } from "@fio/service/describe-error";
import { openStore, type Store } from "../store/connect.ts";
import { UNSEEN } from "../store/delivery-statements.ts";
import { isSchemaFault } from "../store/faults.ts";
import { schemaFault } from "../store/schema.ts";
import { MOST_COUNTED, type Counted, type StoreReading } from "./picture.ts";
import { skewOf } from "./skew.ts";

type Answer = Extract<StoreReading, { kind: "answers" }>;

export async function readStore(url: string): Promise<StoreReading> {
  const address = addressOf(url);
  // Opening it would make an empty one.
  if (url.startsWith("sqlite:") && !existsSync(address)) return { kind: "missing", address };
  const store = openStore(url);
  try {
    const server = store.dialect === "sqlite" ? await readSqlite(store.read) : await readPostgres(store.read);
    return {
      ...{ kind: "answers", address, dialect: store.dialect, ...server },
      schemaFault: await schemaFault(store),
      unapplied: await whereThere(() => countRefusals(store)),
      outbox: await whereThere(() => readOutbox(store)),
      unfinishedErasures: await whereThere(() => countUnfinishedErasures(store)),
      answers: await whereThere(() => readAnswers(store)),
    };
  } catch (error) {
    return { kind: "silent", address, error: describeError(error) };
  } finally {
    await store.close();
  }
}

/** Without the role and its password. */
function addressOf(url: string): string {
  if (url.startsWith("sqlite:")) return url.slice("sqlite:".length);
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

type Server = Pick<Answer, "version" | "encoding" | "roles" | "mostConnections" | "skewMs">;

async function readSqlite(db: Knex): Promise<Server> {
  const [{ version } = { version: "" }] = await db.raw<Array<{ version: string }>>(
    "select sqlite_version() as version",
  );
  const [{ encoding } = { encoding: "" }] = await db.raw<Array<{ encoding: string }>>("pragma encoding");
  return { version, encoding, roles: [], mostConnections: null, skewMs: 0 };
}

async function readPostgres(db: Knex): Promise<Server> {
  // Once for the connection, so that the clock is not read while it is made.
  await db.raw("select 1");
  const before = Date.now();
  const { rows } = await db.raw<{
    rows: Array<{ version: string; encoding: string; most: string; now: number }>;
  }>(
    `select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
      current_setting('max_connections') as most, (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  const after = Date.now();
  // What kind of process another role's connection is, nobody is told but that role.
  const { rows: roles } = await db.raw<{ rows: Answer["roles"] }>(
    `select rolname as name, rolsuper as superuser, count(*)::int as connections
      from pg_stat_activity join pg_roles on rolname = usename
      where datname = current_database() and coalesce(backend_type, 'client backend') = 'client backend'
      group by rolname, rolsuper order by rolname`,
  );
  const { version = "", encoding = "", most = "0", now = before } = rows[0] ?? {};
  return {
    ...{ version, encoding, roles, mostConnections: Number(most) },
    skewMs: skewOf({ before, after, from: now }),
  };
}

/** `null` where a migration has yet to make it. */
async function whereThere<Value>(read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (isSchemaFault(error)) return null;
    throw error;
  }
}

async function countRefusals({ read }: Store): Promise<Answer["unapplied"]> {
  const counted: Answer["unapplied"] = {};
  for (const reason of rejectionReason.options) {
    counted[reason] = await count(read, read("unapplied_events").where({ reason }).select("receipt"));
  }
  return counted;
}

async function readOutbox({ read }: Store): Promise<Answer["outbox"]> {
  const oldest = await read("outbox")
    .orderBy("id")
    .first<{ claimed_at: string | number } | undefined>("claimed_at");
  return {
    count: await count(read, read("outbox").select("id")),
    oldestMs: oldest === undefined ? 0 : Math.max(0, Date.now() - Number(oldest.claimed_at)),
  };
}

async function readAnswers({ read }: Store): Promise<Answer["answers"]> {
  const of = (state: string) => read("deliveries").where({ state });
  const oldest = await of("waiting")
    .orderBy("created_at")
    .first<{ created_at: string | number } | undefined>("created_at");
  return {
    waiting: await count(read, of("waiting").select("message_id")),
    oldestMs: oldest === undefined ? 0 : Math.max(0, Date.now() - Number(oldest.created_at)),
    failed: await count(read, read("deliveries").whereRaw(UNSEEN).select("message_id")),
  };
}

/** One that was begun a moment ago may well be under way. */
const ERASING_MS = 10 * 60_000;

const countUnfinishedErasures = ({ read }: Store): Promise<Counted> =>
  count(
    read,
    read("tombstones")
      .whereNull("finished_at")
      .where("erased_at", "<", Date.now() - ERASING_MS)
      .select("conversation_id"),
  );

/** One above {@link MOST_COUNTED} stands for more. */
async function count(db: Knex, rows: Knex.QueryBuilder): Promise<Counted> {
  const found = await db
    .count<Array<{ n: string | number }>>("* as n")
    .from(rows.limit(MOST_COUNTED + 1).as("some"));
  return Number(found[0]?.n ?? 0);
}
