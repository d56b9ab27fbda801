import { existsSync } from "node:fs";
import { SettingError, readSettings } from "@fio/service/env";
import { databaseUrlOf, storeSettings } from "./config.ts";
import { openStore } from "./store/connect.ts";
import { untilDone } from "./store/retry.ts";

/*
 * For operators: a copy of a store in SQLite as it is at one moment, while workers write. Postgres has pg_dump for it, see
 * docs/operations.md.
 *
 *   npm run backup -- /somewhere/fio-2026-11-29.db
 */

const STORE_MS = 30_000;

async function backup(file: string | undefined): Promise<void> {
  if (file === undefined) throw new SettingError("where to? npm run backup -- /somewhere/fio.db");
  if (existsSync(file)) throw new SettingError(`${file} is there already`);
  const databaseUrl = databaseUrlOf(readSettings(storeSettings, process.env));
  if (!databaseUrl.startsWith("sqlite:")) {
    throw new SettingError("the store is in Postgres: use pg_dump, see docs/operations.md");
  }
  if (!existsSync(databaseUrl.slice("sqlite:".length))) throw new SettingError(`there is no ${databaseUrl}`);
  const store = openStore(databaseUrl);
  try {
    // Reads as of one moment, and keeps nobody from writing.
    await untilDone(() => store.read.raw("vacuum into ?", [file]), {
      signal: AbortSignal.timeout(STORE_MS),
    });
  } finally {
    await store.close();
  }
  process.stdout.write(`${file} is a copy of ${databaseUrl}\n`);
}

try {
  await backup(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof SettingError ? "" : "failed: "}${(error as Error).message}\n`);
  process.exitCode = 1;
}
