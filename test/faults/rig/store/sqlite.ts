import Database from "better-sqlite3";
import { until } from "../../../support/until.ts";
import type { StoreProbe } from "./probe.ts";

/** Connections of this process: for the services they are another process's. */
export function sqliteProbe(path: string): StoreProbe {
  let opened: Database.Database | undefined;
  // Once there is something to read: a worker makes the file.
  const reader = (): Database.Database => (opened ??= new Database(path, { timeout: 5_000 }));
  return {
    dialect: "sqlite",
    rows: <Row>(text: string) => Promise.resolve(reader().prepare(text).all() as Row[]),
    run: async (text) => {
      const writer = await locked(path);
      writer.exec(text);
      writer.exec("commit");
      writer.close();
    },
    hold: async () => {
      const writer = await locked(path);
      return () => {
        writer.exec("rollback");
        writer.close();
        return Promise.resolve();
      };
    },
    close: () => {
      opened?.close();
      opened = undefined;
      return Promise.resolve();
    },
  };
}

/** A connection with the one lock for writing. */
async function locked(path: string): Promise<Database.Database> {
  const writer = new Database(path, { timeout: 0 });
  // Not SQLite's own waiting: it would stop this process, which is the sender too.
  await until(() => begun(writer), { what: "the lock of SQLite was had", everyMs: 2 });
  return writer;
}

function begun(writer: Database.Database): boolean {
  try {
    writer.exec("begin exclusive");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("SQLITE_BUSY") === true) return false;
    throw error;
  }
}
