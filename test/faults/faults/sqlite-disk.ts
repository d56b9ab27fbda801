import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { until } from "../../support/until.ts";
import { demand } from "../demand.ts";
import { namesOf, type Fault } from "../fault.ts";
import { underLoad } from "../recovery.ts";
import type { Rig } from "../rig/rig.ts";
import { requireDisk } from "../rig/small-disk.ts";

/** Workers can write nothing and must say so; whoever reads is served on. */
const full: Fault = {
  name: "the disk of SQLite full",
  on: ["sqlite"],
  limitMs: 10_000,
  strike: async (rig) => {
    const disk = requireDisk(rig.disks.store);
    await emptyLog(rig);
    await disk.fill();
    const reader = keepLog(rig);
    try {
      await underLoad(rig.outageMs);
      const refusal = await writeRefusal(rig);
      demand(refusal !== null, "the store took a write although its disk was full");
      demand(
        !rig.watch.wereNotReady().has(rig.api.name),
        "the api said that it was not ready, although it could read",
      );
      await disk.free();
      return {
        proof: `SQLite said "${refusal}"`,
        returnedAt: performance.now(),
        unready: namesOf(rig.workers),
      };
    } finally {
      reader.close();
      await disk.free();
    }
  },
};

/** Whoever reads on keeps the write-ahead log from beginning anew, where small writes would find room again and again. */
function keepLog({ system }: Rig): Database.Database {
  const store = new Database(system.databaseUrl.slice("sqlite:".length), { readonly: true });
  store.exec("begin; select count(*) from sqlite_master");
  return store;
}

/** What the write-ahead log has ever grown to is room that the full disk would still give. */
async function emptyLog({ system }: Rig): Promise<void> {
  const store = new Database(system.databaseUrl.slice("sqlite:".length), { timeout: 0 });
  try {
    const isEmpty = (): boolean => {
      const [{ busy }] = store.pragma("wal_checkpoint(TRUNCATE)") as [{ busy: number }];
      return busy === 0;
    };
    await until(isEmpty, { what: "the write-ahead log is emptied", everyMs: 5 });
  } finally {
    store.close();
  }
}

/** SQLite's own words; `null` when it took a megabyte more than the log has room for, which it may begin anew. */
function writeRefusal({ store, system }: Rig): Promise<string | null> {
  const log = statSync(`${system.databaseUrl.slice("sqlite:".length)}-wal`).size;
  return store
    .run(
      `create table fault_suite_ballast as select randomblob(${log + 1_000_000}) as bytes; drop table fault_suite_ballast`,
    )
    .then(
      () => null,
      (error: unknown) => (error as Error).message,
    );
}

export const sqliteDisk: Fault[] = [full];
