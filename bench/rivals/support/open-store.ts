import { openRivalPostgres } from "./postgres.ts";
import { openRivalSqlite } from "./sqlite.ts";
import type { RivalStore } from "./store.ts";

export const openRivalStore = (databaseUrl: string): Promise<RivalStore> =>
  databaseUrl.startsWith("sqlite:")
    ? Promise.resolve(openRivalSqlite(databaseUrl.slice("sqlite:".length)))
    : openRivalPostgres(databaseUrl);
