import { createLog, type Log } from "@fio/service/log";
import { SettingError } from "@fio/service/env";
import { readStoreConfig } from "./config.ts";
import { openStore } from "./store/connect.ts";
import { requireUtf8 } from "./store/encoding.ts";
import { migrate } from "./store/migrate.ts";
import { untilDone } from "./store/retry.ts";

const LIMIT_MS = 60_000;

/** One shot: brings the schema up to date and ends, 0 when it is; waits up to a minute for the database. */
const log = createLog({ service: "migrate", level: "info" });
try {
  const config = readStoreConfig(process.env);
  log.level = config.logLevel;
  await bringUpToDate(config.databaseUrl, log);
  log.info("the schema is up to date");
} catch (error) {
  if (error instanceof SettingError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, "cannot migrate");
  process.exitCode = 1;
}

async function bringUpToDate(databaseUrl: string, log: Log): Promise<void> {
  const store = openStore(databaseUrl);
  const attempt = async (): Promise<void> => {
    await requireUtf8(store);
    await migrate(store);
  };
  try {
    await untilDone(attempt, {
      signal: AbortSignal.timeout(LIMIT_MS),
      onFault: (error, tries) => {
        if (tries % 10 === 1) log.warn({ err: error }, "waiting for the database");
      },
    });
  } finally {
    await store.close();
  }
}
