import { addressOf, readStartConfig } from "../start/config.ts";
import { readNotes } from "../start/lock.ts";

/**
 * What a command works on: the system of `npm start` with the same environment, which says in its notes where it has put a
 * private Redis. Throws {@link SettingError}.
 */
export function ownSettings(environment: NodeJS.ProcessEnv): Record<string, string> {
  const config = readStartConfig(environment, []);
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
