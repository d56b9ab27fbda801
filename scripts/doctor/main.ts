import { spawn } from "node:child_process";
import { join } from "node:path";
import { SettingError } from "@fio/service/env";
import { ROOT } from "../lib/services.ts";
import { addressOf, readStartConfig, type StartConfig } from "../start/config.ts";
import { readNotes } from "../start/lock.ts";

/** The settings of `npm start` with the same environment: where it has put a private Redis it says in its notes. */
function doctorSettings(config: StartConfig): Record<string, string> {
  const notes = readNotes(config.dataDir);
  const redisUrl =
    config.redisUrl ?? (notes?.redisPort === undefined ? undefined : `redis://127.0.0.1:${notes.redisPort}`);
  return {
    INGEST_URL: notes?.urls?.ingest ?? addressOf(config, "ingest").url,
    API_URL: notes?.urls?.conversations ?? addressOf(config, "conversations").url,
    WEB_URL: notes?.urls?.web ?? addressOf(config, "web").url,
    DATABASE_URL: config.databaseUrl,
    DATA_DIR: config.dataDir,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
}

try {
  const own = doctorSettings(readStartConfig(process.env, []));
  const child = spawn(process.execPath, [join(ROOT, "services/conversations/src/doctor.ts")], {
    cwd: ROOT,
    // What the environment names itself goes before.
    env: { ...own, ...process.env, DATA_DIR: own["DATA_DIR"] },
    stdio: "inherit",
  });
  child.once("exit", (code) => process.exit(code ?? 2));
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
