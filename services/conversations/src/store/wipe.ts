import type { Store } from "./connect.ts";

/**
 * On SQLite: writes the file anew, without what deleted rows leave in its free pages, and empties its log. Nobody else
 * writes meanwhile; readers go on. Throws what the database throws, among it that SQLite is busy.
 */
export async function wipeFreePages(store: Store): Promise<void> {
  if (store.dialect !== "sqlite") return;
  await store.write.raw("vacuum");
  await emptyLog(store);
}

/** What lay in the log is in the file then, and the log is cut to nothing; gives false when a reader is in the way. */
async function emptyLog(store: Store): Promise<void> {
  const rows = await store.write.raw<Array<{ busy: number }>>("pragma wal_checkpoint(truncate)");
  if (rows[0]?.busy === 1) throw Object.assign(new Error("the log is being read"), { code: "SQLITE_BUSY" });
}
