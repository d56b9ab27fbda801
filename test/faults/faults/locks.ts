import { demand, type Fault } from "../fault.ts";
import { underLoad } from "../recovery.ts";
import type { DatabaseName } from "../rig/rig.ts";

const LOCK_MS = 30_000;

/** Another client of the store, which takes what it should not take and keeps it. */
function lockOn(database: DatabaseName, name: string, inTheWay: string): Fault {
  return {
    name,
    on: [database],
    limitMs: 10_000,
    strike: async (rig) => {
      const release = await rig.store.hold();
      await underLoad(500);
      const before = await countOf(rig.store);
      await underLoad(LOCK_MS - 1_000);
      const after = await countOf(rig.store);
      await release();
      demand(after === before, "something was written in spite of the lock");
      return {
        proof: `${inTheWay}: nothing could be written for ${LOCK_MS / 1_000} s`,
        returnedAt: performance.now(),
      };
    },
  };
}

async function countOf(store: { rows: <Row>(text: string) => Promise<Row[]> }): Promise<number> {
  const [row] = await store.rows<{ count: number | string }>("select count(*) as count from messages");
  return Number(row?.count ?? 0);
}

export const locks: Fault[] = [
  lockOn("postgres", "a lock held for 30 s in Postgres", "LOCK TABLE conversations"),
  lockOn("sqlite", "SQLite locked by another process for 30 s", "BEGIN EXCLUSIVE"),
];
