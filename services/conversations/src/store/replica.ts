import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type { Store } from "./connect.ts";

/** How often a replica is asked again whether it has caught up. */
const STEP_MS = 5;

/** The replica has not got as far as it must, or is none. */
export class ReplicaBehind extends Error {}

/** How far a primary has written, as Postgres tells it. */
export type Written = string;

/** Whoever has replayed this holds whatever was committed before the question. */
export async function writtenSoFar({ read }: Store): Promise<Written> {
  const { rows } = await read.raw<{ rows: Array<{ lsn: Written }> }>(
    "select pg_current_wal_insert_lsn()::text as lsn",
  );
  return rows[0]?.lsn ?? "0/0";
}

/**
 * Reads a replica once it has replayed what was `written`, for which it has `limitMs`; throws {@link ReplicaBehind} when
 * it has not by then. Both on one connection in one transaction: the address may lead to several replicas.
 */
export function readCaughtUp<Value>(
  pool: Knex,
  { written, limitMs }: { written: Written; limitMs: number },
  work: (knex: Knex) => Promise<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let state: "catching up" | "reading" | "left" = "catching up";
    const left = (): boolean => state === "left";
    const limit = setTimeout(() => {
      if (state !== "catching up") return;
      state = "left";
      reject(new ReplicaBehind(`the replica did not catch up within ${limitMs} ms`));
    }, limitMs);
    pool
      .transaction(
        async (transaction) => {
          while (!(await hasReplayed(transaction, written))) {
            if (left()) break;
            await sleep(STEP_MS);
          }
          // Nobody waits for it any more.
          if (left()) throw new ReplicaBehind("the replica caught up too late");
          state = "reading";
          return work(transaction);
        },
        { readOnly: true },
      )
      .then(resolve, reject)
      .finally(() => clearTimeout(limit));
  });
}

async function hasReplayed(knex: Knex, written: Written): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: Array<{ there: boolean | null }> }>(
    "select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() >= ?::pg_lsn end as there",
    [written],
  );
  const there = rows[0]?.there ?? null;
  // A server that was promoted keeps a history of its own: its positions say nothing about the primary's.
  if (there === null) throw new ReplicaBehind("the server to read from is not a replica");
  return there;
}
