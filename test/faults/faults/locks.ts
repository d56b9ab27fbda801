import { demand } from "../demand.ts";
import type { Fault } from "../fault.ts";
import { underLoad } from "../recovery.ts";
import type { RigName } from "../rig/rig-names.ts";
import type { Rig } from "../rig/rig.ts";

/** Two and a half lock durations of a job. */
const LOCKED_MS = 15_000;

/** Another client of the store, which takes what it should not take and keeps it. */
function lockOn(rig: RigName, name: string, statement: string): Fault {
  return {
    name,
    on: [rig],
    limitMs: 10_000,
    strike: async (rig) => {
      const lockedMs = Math.max(LOCKED_MS, rig.outageMs);
      const release = await rig.store.hold();
      await underLoad(500);
      const before = await countOf(rig);
      await underLoad(lockedMs - 1_000);
      const after = await countOf(rig);
      await release();
      demand(after === before, "something was written in spite of the lock");
      return {
        proof: `${statement}: nothing could be written for ${lockedMs / 1_000} s`,
        returnedAt: performance.now(),
      };
    },
  };
}

async function countOf({ store }: Rig): Promise<number> {
  const [row] = await store.rows<{ count: number | string }>("select count(*) as count from messages");
  return Number(row?.count ?? 0);
}

export const locks: Fault[] = [
  lockOn("postgres", "a lock held in Postgres", "LOCK TABLE conversations"),
  lockOn("sqlite", "SQLite locked by another process", "BEGIN EXCLUSIVE"),
];
