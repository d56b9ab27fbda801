import { createLog } from "@fio/service/log";
import { SettingError } from "@fio/service/env";
import { readRolesConfig } from "./config.ts";
import { openStore } from "./store/connect.ts";
import { untilDone } from "./store/retry.ts";
import { prepareRoles } from "./store/roles.ts";

const LIMIT_MS = 60_000;

/**
 * One shot, before the migration: makes a role of Postgres for each part, or gives the roles new passwords, and ends, 0
 * when it is done. Whose database it is not (`DATABASE_ADMIN_URL` unset), it leaves alone.
 */
const log = createLog({ service: "roles", level: "info" });
try {
  const config = readRolesConfig(process.env);
  log.level = config.logLevel;
  if (config.admin === null) {
    log.info("no DATABASE_ADMIN_URL: whoever runs the database says who may do what in it");
  } else {
    const store = openStore(config.admin.url);
    const { logins } = config.admin;
    await untilDone(() => prepareRoles(store.write, logins), {
      signal: AbortSignal.timeout(LIMIT_MS),
      onFault: (error, tries) => {
        if (tries % 10 === 1) log.warn({ err: error }, "waiting for the database");
      },
    }).finally(store.close);
    log.info(
      { roles: Object.values(logins).flatMap((login) => login?.map(({ name }) => name) ?? []) },
      "each part has its role",
    );
  }
} catch (error) {
  if (error instanceof SettingError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, "cannot prepare the roles");
  process.exitCode = 1;
}
