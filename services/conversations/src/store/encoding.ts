import { SettingError } from "@fio/service/env";
import type { Store } from "./connect.ts";

type Answer = { rows: Array<{ name: string; encoding: string }> };

/**
 * Throws {@link SettingError} for a Postgres database that cannot hold every character: each message with one that it
 * lacks would fail. Throws what the database throws.
 */
export async function requireUtf8({ dialect, read }: Store): Promise<void> {
  if (dialect === "sqlite") return;
  const { rows } = await read.raw<Answer>(
    "select current_database() as name, current_setting('server_encoding') as encoding",
  );
  const { name, encoding } = rows[0] ?? { name: "", encoding: "unknown" };
  if (encoding === "UTF8") return;
  throw new SettingError(
    `DATABASE_URL: the database ${name} has the encoding ${encoding}, and Fio needs UTF8: create another one ` +
      `(create database NAME encoding 'UTF8' template template0) and name that`,
  );
}
