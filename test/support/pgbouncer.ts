import { spawn } from "node:child_process";
import { chownSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { PostgresServer } from "./postgres-server.ts";
import { freePort } from "./redis-server.ts";
import { until } from "./until.ts";

export type PgBouncer = {
  /** As Fio is given it. */
  url: string;
  /** Without what Fio makes of it. */
  plainUrl: string;
  remove: () => Promise<void>;
};

/** PgBouncer in transaction mode before the database `fio`, with fewer connections to Postgres than Fio has to it. */
export async function startPgBouncer(program: string, server: PostgresServer): Promise<PgBouncer> {
  const dir = await mkdtemp(join(tmpdir(), "fio-pgbouncer-"));
  const port = await freePort();
  const users = join(dir, "users.txt");
  const settings = join(dir, "pgbouncer.ini");
  writeFileSync(users, '"fio" ""\n');
  writeFileSync(
    settings,
    [
      "[databases]",
      `fio = host=127.0.0.1 port=${new URL(server.url).port} dbname=fio`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${port}`,
      "unix_socket_dir =",
      "auth_type = trust",
      `auth_file = ${users}`,
      "pool_mode = transaction",
      "default_pool_size = 3",
      "max_client_conn = 200",
    ].join("\n"),
  );
  if (server.user !== undefined)
    for (const path of [dir, users, settings]) chownSync(path, server.user.uid, server.user.gid);
  const child = spawn(program, [settings], { ...server.user, cwd: dir, stdio: "ignore" });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const plainUrl = `postgres://fio@127.0.0.1:${port}/fio`;
  await until(
    async () => {
      const client = new pg.Client({ connectionString: plainUrl, connectionTimeoutMillis: 2_000 });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.query("select 1");
        return true;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => {});
      }
    },
    { what: "PgBouncer answers" },
  );
  return {
    url: `${plainUrl}?pgbouncer=true`,
    plainUrl,
    remove: async () => {
      child.kill("SIGKILL");
      await gone;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
