import { createLog, type Log } from "@fio/service/log";
import { SettingError } from "@fio/service/env";
import { readMigrationConfig, type MigrationConfig } from "./config.ts";
import { buildReceiptIndexes } from "./store/build-receipt-indexes.ts";
import { openStore } from "./store/connect.ts";
import { requireUtf8 } from "./store/encoding.ts";
import { grantRights } from "./store/grants.ts";
import { migrate } from "./store/migrate.ts";
import { untilDone } from "./store/retry.ts";

const LIMIT_MS = 60_000;

/** One shot: brings the schema up to date, says what each role may do with it, and ends, 0 when it is done; waits up to a minute for the database. */
const log = createLog({ service: "migrate", level: "info" });
try {
  const config = readMigrationConfig(process.env);
  log.level = config.logLevel;
  await bringUpToDate(config, log);
  log.info("the schema is up to date");
} catch (error) {
  if (error instanceof SettingError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, "cannot migrate");
  process.exitCode = 1;
}

async function bringUpToDate({ databaseUrl, roles }: MigrationConfig, log: Log): Promise<void> {
  const store = openStore(databaseUrl);
  if (store.pooled) {
    throw new SettingError("DATABASE_URL: to migrate it must lead to Postgres itself, not to PgBouncer");
  }
  const attempt = async (): Promise<void> => {
    await requireUtf8(store);
    await migrate(store);
    await grantRights(store, roles);
  };
  try {
    await untilDone(attempt, {
      signal: AbortSignal.timeout(LIMIT_MS),
      onFault: (error, tries) => {
        if (tries % 10 === 1) log.warn({ err: error }, "waiting for the database");
      },
    });
    // Only who owns the tables may, and it takes as long as it takes: whoever works meanwhile goes on.
    await buildReceiptIndexes({ store, log, signal: new AbortController().signal });
  } finally {
    await store.close();
  }
}
