import type { Redis } from "ioredis";
import type pg from "pg";
import { writeCalls } from "./processes.ts";

const field = (info: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? NaN);

/**
 * How often Redis has written to its append-only file so far. With `appendfsync always` each of these writes is followed by
 * one fsync, which no Redis counts itself; so this takes what it wrote to clients from all it wrote. Its log and the wake-ups
 * of its threads are in it: a few in a second. `null` where the system does not count calls.
 */
export async function redisFsyncs(redis: Redis): Promise<number | null> {
  const info = await redis.info();
  const calls = writeCalls(field(info, "process_id"));
  const toClients = field(info, "total_writes_processed");
  return calls === null || Number.isNaN(toClients) ? null : calls - toClients;
}

/** Fsyncs of the log of Postgres, as far as its backends have reported them: up to ten seconds late. */
export async function postgresFsyncs(client: pg.Client): Promise<number> {
  // From 18 on the log is a part of pg_stat_io; before, it had a view of its own.
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  const text =
    (rows[0]?.version ?? 0) >= 180_000
      ? "select coalesce(sum(fsyncs), 0)::float8 as fsyncs from pg_stat_io where object = 'wal'"
      : "select wal_sync::float8 as fsyncs from pg_stat_wal";
  const { rows: counted } = await client.query<{ fsyncs: number }>(text);
  return counted[0]?.fsyncs ?? 0;
}
